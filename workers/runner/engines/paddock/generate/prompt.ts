/** The prompt's forward passes. */
import type { PromptChunk } from '#core/engine';
import type { Decoder } from '../decoder';
import type { Prefixes } from '../prefixes/prefixes';
import { throwIfAborted } from '../../../abort';
import type { Stopwatch } from './stopwatch';
import { turn } from './turn';

/**
 * Evaluates what the cache lacks of `prompt` in chunks, tells how far it is after each but the last, and returns
 * where in the last evaluation its last token is.
 * @throws PaddockError `aborted`, `engine_failed`
 */
export async function* evaluatePrompt(
  { decoder, prefixes, watch }: { decoder: Decoder; prefixes: Prefixes; watch: Stopwatch },
  prompt: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<PromptChunk, number, void> {
  const { length: total } = prompt;
  for (;;) {
    await turn();
    throwIfAborted(signal);
    const start = prefixes.length;
    const chunk = prompt.slice(start, start + decoder.chunk);
    await decoder.evaluate(chunk, start, signal);
    throwIfAborted(signal);
    prefixes.append(chunk);
    if (prefixes.length === total) return chunk.length - 1;
    watch.pause();
    yield { type: 'prompt', evaluated: prefixes.length, total };
    watch.resume();
  }
}
