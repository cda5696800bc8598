/**
 * llama.cpp's chat repeats the assistant text that it was asked to continue; the caller has it already.
 * Its template may trim that text, so the comparison ignores white space at both ends.
 */
import type { EngineChunk } from '#core/engine';

export async function* withoutPrefix(
  chunks: AsyncIterable<EngineChunk>,
  written: string,
): AsyncGenerator<EngineChunk, void, void> {
  let held: string | undefined = '';
  for await (const chunk of chunks) {
    if (chunk.type === 'prompt') {
      yield chunk;
      continue;
    }
    if (held === undefined || chunk.type === 'final') {
      if (held) yield { type: 'delta', content: held };
      held = undefined;
      yield chunk;
      continue;
    }
    held += chunk.content;
    const rest: string | null = strip(held, written);
    if (rest === null) continue;
    held = undefined;
    if (rest) yield { type: 'delta', content: rest };
  }
}

/** What follows `written` in `text`; all of `text` when it begins otherwise; null when it is too early to say. */
function strip(text: string, written: string): string | null {
  for (const prefix of [written, written.trimEnd(), written.trim()]) {
    if (text.startsWith(prefix)) return text.slice(prefix.length);
  }
  return written.trim().startsWith(text.trim()) ? null : text;
}
