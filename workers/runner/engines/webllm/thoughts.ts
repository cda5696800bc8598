/** Thoughts in an MLC model's chat: its conversation template has no word for them. */
import type { ChatMessage } from '#core/engine';
import type { ThinkTags } from '../../chat/thinking';
import type { Piece } from './render';

/** Of Qwen 3 and DeepSeek R1, MLC's models that think. */
export const TAGS: ThinkTags = { open: '<think>', close: '</think>' };

/** A thought that is over: these models take it as thinking done. */
const EMPTY = `${TAGS.open}\n\n${TAGS.close}\n\n`;

/** A prompt whose reply begins without a thought. @param pieces as `renderChat` gives them, with no open reply */
export function withEmptyThought(pieces: readonly Piece[]): Piece[] {
  const last = pieces.at(-1);
  return [...pieces.slice(0, -1), (typeof last === 'string' ? last : '') + EMPTY];
}

/** The messages with a thought of the final one, which is continued, in its text. */
export function withOpenThought(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || !last.thinking) return messages;
  const { thinking, content } = last;
  const over = content === '' ? '' : `\n${TAGS.close}\n\n${content}`;
  return [...messages.slice(0, -1), { ...last, content: `${TAGS.open}\n${thinking}${over}` }];
}
