/** The chat template that a model's file has, or what stands in for it. */
import { PaddockError } from '#core/errors';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { renderPrompt, type ChatTemplate } from '../../../chat/render';

/** The format that most models without a template of their own were tuned on. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + " +
  "'<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const CHATML_TOKENS = ['<|im_start|>', '<|im_end|>'];

/**
 * The template to render with: the file's own, ChatML where the vocabulary has its tokens, else undefined, for a
 * model that is not for chats.
 * @param written `tokenizer.chat_template`; empty where the file has none
 */
export function findChatTemplate(written: string, tokenizer: Tokenizer): ChatTemplate | undefined {
  const own = written.trim() === '' ? undefined : written;
  const template = own ?? (CHATML_TOKENS.every(isToken) ? CHATML : undefined);
  if (template === undefined) return undefined;
  return { template, bos: nameOf(tokenizer.bos), eos: nameOf(tokenizer.eos) };

  function isToken(name: string): boolean {
    return tokenizer.encode(name, { addSpecial: false, parseSpecial: true }).length === 1;
  }
  function nameOf(token: number | undefined): string {
    return token === undefined ? '' : tokenizer.name(token);
  }
}

/**
 * Renders one message, so that a template which this engine cannot run is found before a chat is.
 * @param written as for `findChatTemplate`
 * @throws PaddockError `not_supported`
 */
export function checkChatTemplate(written: string): void {
  if (written.trim() === '') return;
  const messages = [{ role: 'user', content: 'Hello' } as const];
  const now = new Date();
  try {
    renderPrompt({ template: written, bos: '', eos: '', messages, now });
  } catch (error) {
    // It runs, and refuses a chat of this shape.
    if (!(error instanceof PaddockError) || error.code !== 'bad_request') throw error;
  }
}

/** What a chat is answered with where `findChatTemplate` finds none. */
export function noChatTemplate(): PaddockError {
  return new PaddockError(
    'not_supported',
    'This model has no chat template, so it cannot chat. Send it a prompt to continue instead.',
  );
}
