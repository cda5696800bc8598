/** What llama.cpp's server answers, as wllama hands it on: OpenAI's chunks with its own timings. */
import type { FinalChunk, SamplingOptions } from '#core/engine';
import { PaddockError, isAbort } from '#core/errors';
import { contextExceeded } from '../../chat/context-exceeded';
import type { NativeLog } from './native-log';
import type { ServerLogprob } from './logprobs';
import { pieces } from './pieces';

export interface CompletionChunk {
  choices: Choice[];
  timings?: {
    cache_n: number;
    prompt_n: number;
    prompt_ms: number;
    predicted_n: number;
    predicted_ms: number;
  };
}

/** With `n_probs` a token's chunk comes though it has no text; wllama's own types know nothing of `logprobs` there. */
export interface Choice {
  text?: string;
  finish_reason: string | null;
  logprobs?: { content?: ServerLogprob[] } | null;
}

/** What an answer has told beside its text. */
export interface Answer {
  reason: FinalChunk['reason'];
  timings?: CompletionChunk['timings'];
}

/** The reply in its pieces; `told` becomes what came with them. @throws PaddockError as the seam says */
export async function* answer(
  start: (onData: (chunk: CompletionChunk) => void) => Promise<void>,
  log: NativeLog,
  told: Answer,
): AsyncGenerator<Choice, void, void> {
  try {
    for await (const chunk of pieces(start)) {
      const choice = chunk.choices[0];
      told.timings = chunk.timings ?? told.timings;
      if (choice?.finish_reason === 'length') told.reason = 'length';
      if (choice?.text || choice?.logprobs?.content) yield choice;
    }
  } catch (error) {
    throw explain(error, log);
  }
}

/** @throws PaddockError `engine_failed` when no counts came */
export function finalOf({ reason, timings }: Answer): FinalChunk {
  if (!timings) throw new PaddockError('engine_failed', 'The reply ended without its counts.');
  return {
    type: 'final',
    reason,
    promptTokens: timings.cache_n + timings.prompt_n,
    cachedTokens: timings.cache_n,
    promptMs: timings.prompt_ms,
    evalTokens: timings.predicted_n,
    evalMs: timings.predicted_ms,
  };
}

function explain(error: unknown, log: NativeLog): PaddockError {
  if (isAbort(error)) return new PaddockError('aborted', 'The reply was stopped.');
  const message = error instanceof Error ? error.message : String(error);
  const exceeded = log.takeExceeded();
  if (!exceeded) return new PaddockError('engine_failed', message);
  return contextExceeded(exceeded.n_prompt_tokens, exceeded.n_ctx);
}

/** Ollama's option names are llama.cpp's server's too, but for some. Absent options are left out. */
export function toServerOptions({
  num_predict,
  num_keep,
  cache_prompt = true,
  logprobs,
  top_logprobs = 0,
  ...options
}: SamplingOptions): Record<string, unknown> {
  // It tells the chosen token's only beside likeliest ones.
  const n_probs = logprobs ? Math.max(top_logprobs, 1) : undefined;
  const named = { ...options, n_predict: num_predict, n_keep: num_keep, cache_prompt, n_probs };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
