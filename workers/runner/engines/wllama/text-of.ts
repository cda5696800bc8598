/** Tokens as the text that llama.cpp reads them from: it takes nothing else. */
import type { ChatFile } from '../../chat/chat-file';
import type { Tokenizer } from '../paddock/tokenizer/tokenizer';

/** Special tokens are their names; BOS is left out where llama.cpp puts it in front by itself. */
export function textOf(
  tokens: readonly number[],
  tokenizer: Tokenizer,
  { addsBos, bosToken }: Pick<ChatFile, 'addsBos' | 'bosToken'>,
): string {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  tokens.forEach((token, at) => {
    if (at === 0 && addsBos && token === bosToken) return;
    const bytes = tokenizer.bytes(token);
    const written = bytes.length > 0 ? bytes : encoder.encode(tokenizer.name(token));
    text += decoder.decode(written, { stream: true });
  });
  return text + decoder.decode();
}
