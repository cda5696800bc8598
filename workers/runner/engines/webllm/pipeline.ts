/**
 * What the engine uses of web-llm's pipelines. web-llm 0.2.86 keeps one to itself behind an API of whole chats; on
 * it stand a prompt of known tokens, a stop between two of them, and counts that are exact.
 */
import type { MLCEngine } from '@mlc-ai/web-llm';
import { PaddockError } from '#core/errors';

export interface PipelineTokenizer {
  encode(text: string): Int32Array;
  /** `''`: no such token. */
  idToToken(id: number): string;
}

/** How tokens are chosen; web-llm's names. Absent: the model's own. */
export interface Generation {
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  repetition_penalty?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  logit_bias?: Record<string, number>;
  ignore_eos?: boolean;
  response_format?: ResponseFormat;
}

export type ResponseFormat =
  | { type: 'json_object'; schema: string }
  | { type: 'structural_tag'; structural_tag: Record<string, unknown> };

/** A part of a prompt: tokens, or an image by its key in `imageDataCache`. */
export type PromptPart = number[] | { url: string };

export interface CompiledGrammar {
  grammar(): { toString(): string; dispose(): void };
  dispose(): void;
}

/** @param indent -1 with `anyWhitespace` false: all on one line, with `, ` and `: ` */
export interface GrammarCompiler {
  compileJSONSchema(
    schema: string,
    anyWhitespace?: boolean,
    indent?: number,
  ): Promise<CompiledGrammar>;
  compileStructuralTag(tag: unknown): Promise<CompiledGrammar>;
}

interface TvmFunction {
  (...args: unknown[]): unknown;
  dispose(): void;
}

interface Tvm {
  beginScope(): void;
  endScope(): void;
  detachFromCurrentScope<T>(value: T): T;
  getGlobalFunc(name: string): TvmFunction;
  scalar(value: number, type: string): unknown;
}

export interface TextPipeline {
  tokenizer: PipelineTokenizer;
  tvm: Tvm;
  /** `kv_cache` for those that can forget their last tokens. */
  kvStateKind: string;
  kvCache: unknown;
  slidingWindowSize: number;
  /** Tokens in the cache. */
  filledKVCacheLength: number;
  /** Of the reply, without the token that ended it. */
  outputIds: number[];
  imageDataCache: Map<string, ImageData>;
  /** There from the first grammar on. */
  grammarCompiler: GrammarCompiler | undefined;
  /** Begun beside the prompt, waited for before a token is chosen; undefined where there is nothing to wait for. */
  prepareGrammarMatcherForSampling(generation: Generation): Promise<void> | undefined;
  image_embed?: unknown;
  getConversationObject(): { reset(): void; isTextCompletion: boolean };
  computeImageEmbedSize(height: number, width: number): number;
  getInputData(): Promise<[PromptPart[], number, (image: { url: string }) => number]>;
  embedAndForward(parts: PromptPart[], length: number): Promise<unknown>;
  resetChat(): void;
  setSeed(seed: number): void;
  prefillStep(input: string, role: string, name: undefined, generation: Generation): Promise<void>;
  decodeStep(generation: Generation): Promise<void>;
  /** Chooses a token by logits on the GPU, which it changes. */
  sampleFromRawLogits(logits: unknown, generation: Generation): Promise<number>;
  /** They are there after `sync`, and `toArray` copies them. */
  updateLogitsOnCPU(logits: unknown): { toArray(): Float32Array };
  processNextToken(token: number, ...more: unknown[]): void;
  stopped(): boolean;
  triggerStop(): void;
  getFinishReason(): string | undefined;
  /** Of the reply, with the token that ended it. */
  getCurRoundCompletionTotalTokens(): number;
  /** Seconds. */
  getCurRoundPrefillTotalTime(): number;
  getCurRoundDecodingTotalTime(): number;
  sync(): Promise<void>;
}

export interface EmbeddingPipeline {
  tokenizer: PipelineTokenizer;
  contextWindowSize: number;
  embedStep(inputs: number[][]): Promise<number[][]>;
}

/** @throws PaddockError `engine_failed`: web-llm is not the one that this was written for */
export function pipelineOf(engine: MLCEngine, id: string): TextPipeline & EmbeddingPipeline {
  const { loadedModelIdToPipeline: pipelines } = engine as unknown as {
    loadedModelIdToPipeline?: Map<string, TextPipeline & EmbeddingPipeline>;
  };
  const pipeline = pipelines?.get(id);
  if (!pipeline) throw new PaddockError('engine_failed', 'web-llm did not load the model.');
  return pipeline;
}
