/** Ollama's truncation of a chat: the oldest messages go until the prompt fits; system messages and the last one stay. */
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { Shortening } from './shortening';

/** What Ollama counts for an image. */
const IMAGE_TOKENS = 768;

/** Tokens that the images of these messages are counted as. */
export function imageTokens(messages: readonly ChatMessage[]): number {
  return IMAGE_TOKENS * messages.reduce((sum, { images = [] }) => sum + images.length, 0);
}

/**
 * The prompt of as many of the newest messages as fit. A call and its tools' answers go together; so do a reply that
 * is to be continued and what it replies to. A list that the template refuses, such as one whose first turn is an
 * assistant's, is passed over: one more message goes.
 *
 * The lists are nested, each the one before it without its oldest message, and no template writes more tokens for
 * less to write: so the longest list that fits is where lists begin to fit, and bisection finds it. It begins by a
 * guess from the letters and goes on by the counts, so a chat of 10,000 messages costs a handful of prompts, each a
 * few contexts long at most. What is found fits by its own count, whatever a template does.
 *
 * @param most tokens
 * @param read the prompt of a list, and its tokens
 * @returns what `read` gave: for the last message alone, and longer than `most`, where nothing more can go
 * @throws PaddockError what `read` throws; `bad_request` only where the template refuses every list
 */
export async function fitMessages<P extends { length: number }>(
  messages: readonly ChatMessage[],
  most: number,
  read: (messages: readonly ChatMessage[]) => Promise<P>,
): Promise<P> {
  const { always, droppable } = split(messages);
  const oldest = [...droppable].reverse();
  const listOf = (count: number) => {
    const dropped = new Set(oldest.slice(0, droppable.length - count).flat());
    return messages.filter((message) => !dropped.has(message));
  };
  const lists = new Shortening(droppable.map(lettersOf), lettersOf(always), most);
  let found: P | undefined;
  /** The shortest that does not fit. */
  let above: P | undefined;
  let refusal: unknown;
  for (let next = lists.next(); next !== undefined; next = lists.next()) {
    let prompt: P | undefined;
    let count = next;
    for (; count > lists.settled && !prompt; count--) {
      try {
        prompt = await read(listOf(count));
      } catch (error) {
        if (!(error instanceof PaddockError) || error.code !== 'bad_request') throw error;
        refusal ??= error;
      }
    }
    if (!prompt || prompt.length <= most) lists.fits(next, prompt?.length);
    else lists.exceeds(count + 1, prompt.length);
    if (prompt && prompt.length <= most) found = prompt;
    else above = prompt ?? above;
  }
  const prompt = found ?? above;
  if (!prompt) throw refusal;
  return prompt;
}

/** `droppable`: the units that can go, the newest first. */
function split(messages: readonly ChatMessage[]) {
  const units = unitsOf(messages);
  const last = units.at(-1) ?? [];
  const system = messages.filter(({ role }) => role === 'system');
  const droppable = units
    .slice(0, -1)
    .map((unit) => unit.filter(({ role }) => role !== 'system'))
    .filter((unit) => unit.length > 0)
    .reverse();
  return { always: [...system, ...last], droppable };
}

/** Each message alone, but for tools' answers and a final reply, which stay with what is before them. */
function unitsOf(messages: readonly ChatMessage[]): ChatMessage[][] {
  const units: ChatMessage[][] = [];
  messages.forEach((message, at) => {
    const continued = message.role === 'assistant' && at === messages.length - 1;
    if ((message.role === 'tool' || continued) && units.length > 0) units.at(-1)!.push(message);
    else units.push([message]);
  });
  return units;
}

/** Letters that a template writes around a message, more or less. */
const AROUND = 24;
/** Letters that take as many tokens as an image, more or less. */
const IMAGE_LETTERS = 4 * IMAGE_TOKENS;

/** UTF-16 units of what is written of them, more or less. */
function lettersOf(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, { content, thinking = '', images = [], toolCalls = [] }) =>
      sum +
      AROUND +
      content.length +
      thinking.length +
      images.length * IMAGE_LETTERS +
      (toolCalls.length > 0 ? JSON.stringify(toolCalls).length : 0),
    0,
  );
}
