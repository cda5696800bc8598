import { PaddockError } from '#core/errors';
import { renderPrompt } from './render';

/**
 * Renders one message, so that a template which cannot be run is found before a chat is.
 * @param written `tokenizer.chat_template`; empty where the file has none
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
