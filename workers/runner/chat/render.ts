/** Messages to the text that the model was trained on, by its template in Jinja or Go's language. */
import type { ChatMessage, Think, Tool } from '#core/engine';
import { faulty, renderJinja } from './template/render-jinja';

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
  /** Absent: nobody asked, and a model that can think does. */
  think?: Think;
  /** What follows the reply; only where `knowsSuffix(template)`. */
  suffix?: string;
  /** For a date in the prompt. */
  now: Date;
}

/**
 * The prompt, up to where the reply begins. A final assistant message is continued: its content follows the
 * generation prompt, as it did when the model wrote it (so the cache still fits), and llama.cpp does the same.
 * @throws PaddockError `bad_request` where the template refuses the messages, `not_supported` where it is
 * faulty or does not end
 */
export function renderPrompt(options: RenderOptions): string {
  const last = options.messages.at(-1);
  const text =
    last?.role === 'assistant'
      ? render({ ...options, messages: options.messages.slice(0, -1) }) + last.content
      : render(options);
  if (text === '') throw faulty('it gives no text');
  return text;
}

/** Whether the template has a place for what follows the reply. */
export function knowsSuffix(template: string): boolean {
  return /\{\{[^}]*\.Suffix\b/.test(template);
}

function render({ template, bos, eos, messages, now }: RenderOptions): string {
  const variables = {
    messages: messages.map(({ role, content }) => ({ role, content })),
    add_generation_prompt: true,
    bos_token: bos,
    eos_token: eos,
  };
  return renderJinja(template, variables, now);
}
