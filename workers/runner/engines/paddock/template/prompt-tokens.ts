/** A chat as the tokens that the model is given. */
import type { ChatMessage } from '#core/engine';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { findChatTemplate, noChatTemplate } from './chat-template';
import { renderPrompt } from '../../../chat/render';

/**
 * Special tokens are read in the whole rendered text, so a message that contains `<|im_end|>` ends its own turn:
 * llama.cpp reads prompts so, and counts must agree with it.
 * @param written the model's own, or `tokenizer.chat_template`; empty where there is none
 * @throws PaddockError `not_supported` without a template or with a faulty one, `bad_request` where it refuses
 * the messages
 */
export function promptTokens(
  tokenizer: Tokenizer,
  written: string,
  messages: readonly ChatMessage[],
  now = new Date(),
): number[] {
  const template = findChatTemplate(written, tokenizer);
  if (!template) throw noChatTemplate();
  const text = renderPrompt({ ...template, messages, now });
  const tokens = tokenizer.encode(text, { addSpecial: true, parseSpecial: true });
  // Many templates write BOS themselves; the tokenizer has put its own in front.
  const twice =
    tokenizer.bos !== undefined && tokens[0] === tokenizer.bos && tokens[1] === tokens[0];
  return twice ? tokens.slice(1) : tokens;
}
