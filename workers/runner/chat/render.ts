/** Messages to the text that the model was trained on, by its template in Jinja or Go's language. */
import type { ChatMessage, Think, Tool } from '#core/engine';
import { isJinja } from '#core/template/kind';
import { thinkTags, type ThinkTags } from '#core/template/think-tags';
import { isThought } from './is-thought';
import { faulty } from './template/faulty';
import { withoutThoughts, withoutTools } from './template/history';
import { renderGoChat } from './template/render-go';
import { renderJinja } from './template/render-jinja';

export interface ChatTemplate {
  /** Jinja or Go's. */
  template: string;
  /** Texts of the tokens; empty where the model has none. */
  bos: string;
  eos: string;
}

export interface RenderOptions extends ChatTemplate {
  messages: readonly ChatMessage[];
  tools?: readonly Tool[];
  /** Absent: nobody asked, and a model that can think, between tags, does. */
  think?: Think;
  /** What follows the reply; only where `knowsSuffix(template)`. */
  suffix?: string;
  /** For a date in the prompt. */
  now: Date;
}

/**
 * The prompt, up to where the reply begins. A final assistant message is continued: what it has follows the
 * generation prompt, as it did when the model wrote it (so the cache still fits), and llama.cpp does the same.
 * @throws PaddockError `bad_request` where the template refuses the messages, `not_supported` where it is
 * faulty or does not end
 */
export function renderPrompt(given: RenderOptions): string {
  const { template } = given;
  const tags = thinkTags(template);
  const { messages, begun } = splitBegun(given.messages);
  const known = /tool/i.test(template) ? messages : withoutTools(messages);
  // A thought that is gone on with stands where the model began it, not behind an empty one.
  const think = tags && begun && isThought(begun, tags) ? true : given.think;
  const options = { ...given, think, messages: withoutThoughts(known, tags) };
  let text = render(options);
  if (tags && think === false && !hasSwitch(options, text)) text = withEmptyThought(text, tags);
  if (begun) text += continued(begun, text, tags);
  if (text === '') throw faulty('it gives no text');
  return text;
}

/** Whether the template has a place for what follows the reply. */
export function knowsSuffix(template: string): boolean {
  return !isJinja(template) && /\{\{[^}]*\.Suffix\b/.test(template);
}

function render(options: RenderOptions): string {
  return isJinja(options.template) ? renderJinja(options) : renderGoChat(options);
}

/** Calls of tools are a whole message, which nothing is added to. */
function splitBegun(messages: readonly ChatMessage[]) {
  const last = messages.at(-1);
  const open = last?.role === 'assistant' && !last.toolCalls?.length ? last : undefined;
  return { messages: open ? messages.slice(0, -1) : messages, begun: open };
}

/** Whether thinking can be switched off: by what comes of it, however the template names the switch. */
function hasSwitch(options: RenderOptions, off: string): boolean {
  return render({ ...options, think: true }) !== off;
}

/** A thought that is over before it begins, which models without a switch take as thinking done. */
function withEmptyThought(text: string, { open, close }: ThinkTags): string {
  const head = text.trimEnd();
  return head.endsWith(open) ? `${head}\n\n${close}\n\n` : `${text}${open}\n\n${close}\n\n`;
}

/** What was written of a message, with what was thought before it. */
function continued(
  { content, thinking = '' }: ChatMessage,
  prompt: string,
  tags: ThinkTags | undefined,
): string {
  if (!tags) return content;
  const open = prompt.trimEnd().endsWith(tags.open);
  const begins = content.trimStart();
  if (begins.startsWith(tags.open)) {
    return open ? begins.slice(tags.open.length).trimStart() : content;
  }
  if (content.includes(tags.close)) return content;
  if (thinking === '') return open && content !== '' ? `\n${tags.close}\n\n${content}` : content;
  const thought = (open ? '' : `${tags.open}\n`) + thinking;
  return content === '' ? thought : `${thought}\n${tags.close}\n\n${content}`;
}
