/** What an engine is asked and what it answers: the data of the engine seam (`workers/runner/engine.ts`). */
import type { Digest } from '#core/digest';

export type Backend = 'webgpu' | 'wasm';

/** Who runs GGUF models: Paddock's own engine, and llama.cpp. */
export type GgufEngine = 'paddock' | 'wllama';

/** Why the forward pass does not run on WebGPU. */
export type NoWebGpuReason =
  | 'no_webgpu' // the browser has no `navigator.gpu`
  | 'no_adapter' // it has, but gives no adapter
  | 'no_shader_f16' // the adapter lacks what llama.cpp's kernels need
  | 'software_adapter' // the processor plays the adapter, and nobody asked for it
  | 'asked_cpu' // num_gpu: 0
  | 'gpu_refused' // Paddock's own engine was given an adapter and refused it, or the model there
  | 'engine_fell_back'; // the engine was given a GPU and did not take it

/**
 * What a loaded model can be asked; `insert`: the text before a given end, `format`: text by a JSON Schema,
 * `logprobs`: probabilities beside it.
 */
export type Capability =
  | ('completion' | 'chat' | 'embedding' | 'vision')
  | ('tools' | 'thinking' | 'insert' | 'format' | 'logprobs');

/** A file of a model, in the blob store. */
export interface RunnerFile {
  digest: Digest;
  /** By which the model's other files know it; MLC's have one. */
  name?: string;
  /** Absent: its weights, or what an MLC model has beside them. `projector`: what makes tokens of images. */
  role?: 'projector';
}

/** The model as the runner finds it in the blob store. */
export interface RunnerModel {
  /** Ollama's `model_format`: it chooses the engine. */
  format: string;
  /** GGUF: the weights, or their parts in any order, and a projector. MLC: shards, texts and the library. */
  files: RunnerFile[];
  /** Bytes of all. */
  size: number;
  /** It learned tools, whether or not its own texts say so. */
  tools?: true;
}

/** What can only change by loading again; Ollama's names. */
export interface LoadOptions {
  /** Tokens; 0 lets the engine choose. */
  num_ctx: number;
  num_batch?: number;
  /** Layers on the GPU; 0 keeps to the CPU, -1 lets the engine choose. */
  num_gpu: number;
  /** 0 lets the engine choose. */
  num_thread: number;
  /** How keys and values are kept; absent, and where the engine has no other: f16. llama.cpp's and Ollama's name. */
  kv_cache_type?: 'f16' | 'q8_0';
  /**
   * For measuring: the engine that has to run it, and the backend by `num_gpu` (0: CPU, else WebGPU, on a software
   * adapter too); nothing else is tried. Absent: the format's rule chooses.
   */
  engine?: string;
}

/** What a runner does before it writes. */
export interface Activity {
  /** As it is installed. */
  model: string;
  phase: 'load' | 'shaders' | 'warmup' | 'prompt';
  /** Bytes of the weights, shaders, or tokens of the prompt, cached ones too. */
  done: number;
  /** 0 where nobody counts them. */
  total: number;
}

/** Milliseconds of a load by what they went to; absent: this engine does not tell it from the rest. */
export interface LoadTimes {
  read?: number;
  upload?: number;
  compile?: number;
}

export interface LoadProgress {
  /** `engine`: its code comes; `warmup`: a first pass, so that the first reply does not wait for it. */
  phase: 'engine' | 'weights' | 'shaders' | 'warmup';
  /** Bytes of the weights, or shaders, where the engine counts them. */
  done?: number;
  total?: number;
}

/** What an engine learned of a model on this device; the host keeps it with the weights. Small: `NOTE_BYTES`. */
export interface EngineNote {
  /** The engine's own. */
  key: string;
  /** Plain data, as JSON has it; an earlier version's, or a damaged disk's, when it is read. */
  value: unknown;
}

/** Of a note's value as JSON, in characters. */
export const NOTE_BYTES = 4096;

/** What was loaded, and what really runs it. */
export interface EngineInfo {
  engine: string;
  backend: Backend;
  /** The adapter's name, with `backend: 'webgpu'`. */
  adapter?: string;
  /** Set with `backend: 'wasm'`. */
  noWebGpu?: NoWebGpuReason;
  /** The engine that was tried before, perhaps the same on the adapter, and what it cannot run of this model; `wllama`: its projector. */
  refused?: {
    engine: string;
    reason: string;
    /** Of an adapter that computes wrong: what somebody may send us of it. */
    report?: string;
  };
  /** Names of shaders that the adapter did not compile, and for which others do the same. */
  dropped?: string[];
  threads: number;
  /** Tokens. */
  contextLength: number;
  /** Tokens; what the model was trained for. */
  contextTrained: number;
  capabilities: Capability[];
  /** Bytes; `cache` is keys and values by the model's shape, `compute` what the engine claims beside both, if it says. */
  bytes: { weights: number; cache: number; compute?: number };
  times?: LoadTimes;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Encoded as files are: PNG, JPEG, WebP. */
  images?: Uint8Array<ArrayBuffer>[];
  /** Of an assistant's message: what it thought before. */
  thinking?: string;
  /** Of an assistant's message. */
  toolCalls?: ToolCall[];
  /** Of a tool's message: whose answer it is. */
  toolName?: string;
}

/** A function that a model may ask for; `parameters` is a JSON Schema. */
export interface Tool {
  name: string;
  description?: string;
  parameters: Record<string, unknown>;
}

export interface ToolCall {
  id: string;
  name: string;
  /** In the order that the model wrote them. */
  arguments: Record<string, unknown>;
}

/** What the text of a reply has to be: any JSON, or JSON by a schema. */
export type Format = 'json' | Record<string, unknown>;

/** What may stand before a reply of a `format`: what the model thinks, between the tags of its template. */
export interface Thought {
  open: string;
  close: string;
  /** The prompt ended inside of it. */
  begun: boolean;
}

/** Whether, or how much, a model thinks before it answers; a model that knows no levels takes any as true. */
export type Think = boolean | 'low' | 'medium' | 'high' | 'max';

/** Per-request options; Ollama's names and meanings. Absent: the engine's default. */
export interface SamplingOptions {
  num_predict?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  typical_p?: number;
  repeat_last_n?: number;
  repeat_penalty?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  seed?: number;
  stop?: string[];
  /** Tokens of the prompt that a context shift keeps, beside the one that begins a text; -1: all. */
  num_keep?: number;
  /** When the context is full: drop the older half and go on; else the reply ends with `length`. */
  shift?: boolean;
  /** Added to a token's logit before all else, by token. */
  logit_bias?: Record<number, number>;
  /** Go on behind a token that ends the text. */
  ignore_eos?: boolean;
  /** False: nothing of an earlier prompt is taken from the cache. llama.cpp's names, both. */
  cache_prompt?: boolean;
  logprobs?: boolean;
  /** Likeliest tokens to give at each place, with `logprobs`. */
  top_logprobs?: number;
}

export interface ChatParams {
  messages: ChatMessage[];
  /** Jinja or Go's, in the place of what the file has. */
  template?: string;
  format?: Format;
  tools?: Tool[];
  /** Absent: nobody asked, and a model that can think does. */
  think?: Think;
  /**
   * While the prompt is longer than the context, the oldest messages go; system messages and the last one stay, and
   * where that is too long by itself, its middle goes, if `options.shift` is not false. Absent or false: it is refused
   * with `context_exceeded`.
   */
  truncate?: boolean;
  /** What follows the reply: the model fills the gap behind the last message. Only with the capability `insert`. */
  suffix?: string;
  /** Tokens of an earlier prompt and its reply, which come before all else. */
  context?: readonly number[];
  /** The last chunk tells the tokens of this prompt and its reply. */
  tellContext?: true;
  options: SamplingOptions;
  /** As in `CompleteParams`. */
  each?: CompleteParams['each'];
}

export interface CompleteParams {
  /** The text as it is, without a template; or its tokens as they are, to which nothing is added. */
  prompt: string | readonly number[];
  /** As in `ChatParams`, of a prompt alone. */
  truncate?: boolean;
  format?: Format;
  /** With `format`. */
  thought?: Thought;
  options: SamplingOptions;
  /** A delta comes for each token, with text or without, and says how many it is; `ids`: which too. */
  each?: 'count' | 'ids';
}

/** A piece of the reply. */
export interface DeltaChunk {
  type: 'delta';
  content: string;
  /** What the model thinks, apart from its answer. */
  thinking?: string;
  /** Tokens that came with it, with `each`; and which they are, the one that ends a text too. */
  tokens?: number;
  ids?: number[];
  /** One a token of the piece, when asked for. */
  logprobs?: TokenLogprob[];
  /** Whole calls, in their order. */
  toolCalls?: ToolCall[];
}

/** Natural logarithms of the model's own probabilities: before bias, penalties and temperature. */
export interface Logprob {
  token: string;
  /** The token's; `token` alone cannot show a part of a character. */
  bytes: number[];
  logprob: number;
}

export interface TokenLogprob extends Logprob {
  /** The likeliest tokens there, the likeliest first. */
  top_logprobs: Logprob[];
}

/** How far the prompt is, while it is not yet read to its end. */
export interface PromptChunk {
  type: 'prompt';
  /** Tokens, cached ones too. */
  evaluated: number;
  total: number;
}

/** The last chunk: why it ended, and the counts. Durations in milliseconds. */
export interface FinalChunk {
  type: 'final';
  reason: 'stop' | 'length';
  /** Tokens of the whole prompt, cached ones too. */
  promptTokens: number;
  /** Of those, tokens that the cache spared. */
  cachedTokens: number;
  promptMs: number;
  evalTokens: number;
  evalMs: number;
  /** With `tellContext`. */
  context?: number[];
}

export type EngineChunk = PromptChunk | DeltaChunk | FinalChunk;

export interface EmbedParams {
  input: string[];
  /** Cut the end of what is longer than the context; else it is refused with `context_exceeded`. */
  truncate: boolean;
  /** The vectors as the model gives them, not of length 1. */
  raw?: true;
}

/** How long a chat's prompt would be, and what of the chat it would leave out. */
export interface PromptCount {
  /** Tokens, without the messages that go, and before a middle is cut. */
  promptTokens: number;
  /** The oldest messages that would not be read. */
  dropped: number;
  /** It is longer than the context all the same: its middle would go, or it would be refused. */
  cut: boolean;
}

/** A vector an input, each of length 1, unless it was asked for as it is. */
export interface Embeddings {
  vectors: Float32Array<ArrayBuffer>[];
  /** Of all inputs. */
  promptTokens: number;
}
