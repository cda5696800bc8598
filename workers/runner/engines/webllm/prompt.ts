/** Texts and images to what the model reads. */
import type { Piece } from './render';
import type { PipelineTokenizer, PromptPart } from './pipeline';

/**
 * @param begin tokens that begin every text, or come before this one
 * @param image the part that stands for an image, and the tokens around it
 */
export function toPrompt(
  tokenizer: Pick<PipelineTokenizer, 'encode'>,
  begin: readonly number[],
  pieces: readonly Piece[],
  image?: (bytes: Uint8Array<ArrayBuffer>) => PromptPart,
): PromptPart[] {
  let tokens: number[] = [];
  const parts: PromptPart[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      for (const token of tokenizer.encode(piece)) tokens.push(token);
    } else if (image) {
      if (tokens.length > 0) parts.push(tokens);
      parts.push(image(piece));
      tokens = [];
    }
  }
  if (tokens.length > 0) parts.push(tokens);
  const [first] = parts;
  if (begin.length === 0) return parts;
  if (!Array.isArray(first)) return [[...begin], ...parts];
  // A prompt that was written with them has them already.
  if (begin.every((token, at) => first[at] === token)) return parts;
  return [[...begin, ...first], ...parts.slice(1)];
}
