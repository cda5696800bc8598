const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A new id of a tool's call, as Ollama makes them. */
export function newCallId(): string {
  const random = crypto.getRandomValues(new Uint8Array(8));
  return `call_${Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
