import type { ChatMessage } from '#core/engine';
import type { ThinkTags } from '#core/template/think-tags';

/** Whether a message is a thought that has not ended. */
export function isThought({ content, thinking }: ChatMessage, { open, close }: ThinkTags): boolean {
  if (content === '') return Boolean(thinking);
  return content.trimStart().startsWith(open) && !content.includes(close);
}
