/** Ollama's truncation of a chat: the oldest messages go until the prompt fits; system messages and the last one stay. */
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { Shortening } from './shortening';

/** What Ollama counts for an image. */
export const IMAGE_TOKENS = 768;

/** Lists in a row that a template refuses before much shorter ones are tried: who speaks first is not why. */
const REFUSALS = 32;

/** Tokens that the images of these messages are counted as. @param each tokens of one */
export function imageTokens(messages: readonly ChatMessage[], each = IMAGE_TOKENS): number {
  return each * messages.reduce((sum, { images = [] }) => sum + images.length, 0);
}

/**
 * The prompt of as many of the newest messages as fit. A call and its tools' answers go together; so do a reply that
 * is to be continued and what it replies to. A list that the template refuses, such as one whose first turn is an
 * assistant's, is passed over: one more message goes. Where many are refused, half of them go.
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
  const droppable = unitsThatCanGo(messages);
  const from = new Map(droppable.flatMap((unit, nth) => unit.map((at) => [at, nth] as const)));
  const listOf = (count: number) => messages.filter((_, at) => (from.get(at) ?? -1) < count);
  const letters = messages.map(lettersOf);
  const parts = droppable.map((unit) => unit.reduce((sum, at) => sum + letters[at]!, 0));
  const always = listOf(0).reduce((sum, message) => sum + lettersOf(message), 0);
  const lists = new Shortening(parts, always, most);
  let found: P | undefined;
  /** The shortest that does not fit. */
  let above: P | undefined;
  let refusal: unknown;
  for (let next = lists.next(); next !== undefined; next = lists.next()) {
    let prompt: P | undefined;
    let count = next;
    const last = Math.max(lists.settled, next - REFUSALS);
    for (; count > last && !prompt; count--) {
      try {
        prompt = await read(listOf(count));
      } catch (error) {
        if (!(error instanceof PaddockError) || error.code !== 'bad_request') throw error;
        refusal ??= error;
      }
    }
    const isRefused = !prompt && last > lists.settled;
    if (isRefused || (prompt && prompt.length > most)) lists.exceeds(count + 1, prompt?.length);
    else lists.fits(next, prompt?.length);
    if (prompt && prompt.length <= most) found = prompt;
    else above = prompt ?? above;
  }
  const prompt = found ?? above;
  if (!prompt) throw refusal;
  return prompt;
}

/** Places of messages that go together, the newest first; system messages and what the last one needs are in none. */
function unitsThatCanGo(messages: readonly ChatMessage[]): number[][] {
  const units: number[][] = [];
  messages.forEach(({ role }, at) => {
    const continued = role === 'assistant' && at === messages.length - 1;
    if ((role === 'tool' || continued) && units.length > 0) units.at(-1)!.push(at);
    else units.push([at]);
  });
  return units
    .slice(0, -1)
    .map((unit) => unit.filter((at) => messages[at]!.role !== 'system'))
    .filter((unit) => unit.length > 0)
    .reverse();
}

/** Letters that a template writes around a message, more or less. */
const AROUND = 24;
/** Letters that take as many tokens as an image, more or less. */
const IMAGE_LETTERS = 4 * IMAGE_TOKENS;

/** UTF-16 units of what is written of it, more or less. */
function lettersOf({ content, thinking = '', images = [], toolCalls = [] }: ChatMessage): number {
  const calls = toolCalls.length > 0 ? JSON.stringify(toolCalls).length : 0;
  return AROUND + content.length + thinking.length + images.length * IMAGE_LETTERS + calls;
}
