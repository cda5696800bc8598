/** A reply: the prompt into the cache, then a token at a time. */
import type {
  CompleteParams,
  EngineChunk,
  FinalChunk,
  PromptChunk,
  SamplingOptions,
} from '#core/engine';
import { throwIfAborted } from '../../abort';
import { mostTokens } from '../paddock/generate/limits';
import { ReplyText } from '../paddock/generate/reply-text';
import { contextExceeded } from '../../chat/context-exceeded';
import { deltaOf } from '../each';
import { pieces } from '../wllama/pieces';
import type { Decoder } from './decoder';
import { LogprobObserver } from './logprobs';
import type { PromptPart, ResponseFormat, TextPipeline } from './pipeline';
import { toGeneration, toSeed } from './sampling';
import type { TokenBytes } from './token-bytes';

export interface Generating {
  pipeline: TextPipeline;
  decoder: Decoder;
  bytes: TokenBytes;
  contextLength: number;
  /** Ends with the device too, and makes errors ours. */
  step<T>(work: Promise<T>): Promise<T>;
}

export interface Reply {
  prompt: PromptPart[];
  /** Tokens of `prompt`. */
  length: number;
  options: SamplingOptions;
  stops: string[];
  format?: ResponseFormat;
  /** Whether its first token begins a text. */
  begins: boolean;
  each?: CompleteParams['each'];
}

/** A token of a reply, and what it writes. */
export interface ReplyToken {
  id: number;
  bytes: Uint8Array;
}

/** The tokens of the reply come into `tokens`, without the one that ends it. */
export async function* generate(
  { pipeline, decoder, bytes, contextLength, step }: Generating,
  { prompt, length, options, stops, format, begins, each }: Reply,
  tokens: ReplyToken[],
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  if (length >= contextLength) throw contextExceeded(length, contextLength);
  throwIfAborted(signal);
  const most = mostTokens(options, contextLength);
  const final = (end: Partial<FinalChunk>): FinalChunk => ({
    ...{ type: 'final', reason: 'stop', promptTokens: length, cachedTokens: 0 },
    ...{ promptMs: 0, evalTokens: 0, evalMs: 0, ...end },
  });
  if (length === 0 || most === 0) return yield final({ reason: length === 0 ? 'stop' : 'length' });

  const generation = { ...toGeneration(options, most), response_format: format };
  const observer = options.logprobs
    ? new LogprobObserver(bytes, options.top_logprobs ?? 0)
    : undefined;
  const unwatch = observer?.watch(pipeline);
  pipeline.setSeed(toSeed(options));
  const text = new ReplyText(stops);
  try {
    const cachedTokens = decoder.begin(prompt, options.cache_prompt);
    yield* pieces<PromptChunk>((send) => {
      const onPiece = (evaluated: number) => send({ type: 'prompt', evaluated, total: length });
      return step(decoder.prefill(length, generation, { signal, onPiece }));
    });
    for (;;) {
      const id = pipeline.outputIds[tokens.length];
      if (id !== undefined) {
        const token = { id, bytes: bytes.bytes(id, begins && tokens.length === 0) };
        tokens.push(token);
        const piece = deltaOf(text.push(token.bytes, observer?.last), each, id);
        if (piece) yield piece;
      } else {
        const end = deltaOf(undefined, each, decoder.chosen);
        if (end) yield end;
      }
      if (text.stopped || pipeline.stopped()) break;
      throwIfAborted(signal);
      await step(pipeline.decodeStep(generation));
    }
    const rest = deltaOf(text.flush(), each);
    if (rest) yield rest;
    yield final({
      reason: !text.stopped && pipeline.getFinishReason() === 'length' ? 'length' : 'stop',
      cachedTokens,
      promptMs: 1000 * pipeline.getCurRoundPrefillTotalTime(),
      evalTokens: pipeline.getCurRoundCompletionTotalTokens(),
      evalMs: 1000 * pipeline.getCurRoundDecodingTotalTime(),
    });
  } finally {
    unwatch?.();
    pipeline.triggerStop();
  }
}
