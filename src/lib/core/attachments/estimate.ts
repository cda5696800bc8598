/** What Ollama counts for an image. */
export const IMAGE_TOKENS = 768;

/** Letters of a token, more or less: English in vocabularies of 32,000 to 150,000 has 3.8 to 4.7. */
const LETTERS = 4;

/** Tokens of a text, to a third of it; nobody's tokenizer is asked. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / LETTERS);
}
