import type { Tokenizer } from '../../../workers/runner/engines/paddock/tokenizer/tokenizer';
import { TEXT } from '../../fixtures/texts';

/**
 * A text of about `tokens` tokens that begins with `unique`, so that no cache knows it; what is measured is
 * divided by the tokens that the engine counts.
 */
export function promptOf(tokenizer: Tokenizer, tokens: number, unique: number): string {
  const text = `Chapter ${unique}. ${TEXT.repeat(1 + Math.ceil(tokens / 400))}`;
  const ids = tokenizer.encode(text, { addSpecial: false, parseSpecial: false });
  const bytes = ids.slice(0, tokens).flatMap((id) => [...tokenizer.bytes(id)]);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
