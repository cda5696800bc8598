/** What an engine does with a prompt that is longer than its context, by the fake's tokens: words. */
import type { ChatMessage, ChatParams, CompleteParams, PromptCount } from '#core/engine';
import { contextExceeded } from '../../chat/context-exceeded';
import { cutPrompt } from '../../chat/cut-prompt';
import { fitMessages, imageTokens } from '../../chat/fit-messages';

type Cut = Pick<CompleteParams, 'truncate' | 'options'>;

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** Tokens of `text`. */
export function count(text: string): number {
  return words(text).length;
}

/** Tokens of all, those of their images too. */
export function countAll(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + count(content), imageTokens(messages));
}

/** What `fitted` would leave out. */
export async function counted(params: ChatParams, contextLength: number): Promise<PromptCount> {
  const { kept, length } = await droppedTo(params, contextLength);
  const dropped = params.messages.length - kept.length;
  return { promptTokens: length, dropped, cut: length > contextLength };
}

function droppedTo({ messages, truncate, context = [] }: ChatParams, contextLength: number) {
  const read = async (kept: readonly ChatMessage[]) => ({
    kept: [...kept],
    length: context.length + countAll(kept),
  });
  return truncate ? fitMessages(messages, contextLength, read) : read(messages);
}

/** The messages that the context holds. @throws PaddockError `context_exceeded` */
export async function fitted(params: ChatParams, contextLength: number): Promise<ChatMessage[]> {
  const { kept, length } = await droppedTo(params, contextLength);
  if (length <= contextLength) return kept;
  const last = kept.at(-1)!;
  const room = contextLength - length + count(last.content);
  if (room < 1 || !mayCut(params)) throw contextExceeded(length, contextLength);
  return [...kept.slice(0, -1), { ...last, content: withoutMiddle(last.content, params, room) }];
}

/** The prompt, or what is left of it. @throws PaddockError `context_exceeded` */
export function cut(text: string, asked: Cut, contextLength: number): string {
  const length = count(text);
  if (length <= contextLength) return text;
  if (!mayCut(asked)) throw contextExceeded(length, contextLength);
  return withoutMiddle(text, asked, contextLength);
}

function mayCut({ truncate, options }: Cut): boolean {
  return truncate === true && options.shift !== false;
}

function withoutMiddle(text: string, { options }: Cut, room: number): string {
  const all = words(text);
  const places = all.map((_, at) => at);
  const left = cutPrompt(places, options, room, undefined);
  return left.map((at) => all[at]).join(' ');
}
