/** Ollama's capabilities as people call them; others as they are. */
const WORDS = new Map([
  ['completion', 'chat'],
  ['embedding', 'embeddings'],
  ['insert', 'fills gaps in code'],
  ['vision', 'reads images'],
]);

/** `completion` as `chat`. */
export function capabilityWord(capability: string): string {
  return WORDS.get(capability) ?? capability;
}
