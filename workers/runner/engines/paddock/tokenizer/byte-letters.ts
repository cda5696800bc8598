/**
 * GPT-2's alphabet: the vocabulary of a byte-level BPE writes each byte as one printable letter. The printable
 * ones of Latin-1 stand for themselves, the other 68 for U+0100 on, in order.
 */
function isPrintable(byte: number): boolean {
  return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
}

export const BYTE_LETTERS: readonly string[] = letters();
const BYTES = new Map(BYTE_LETTERS.map((letter, byte) => [letter, byte]));

function letters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : next++),
  );
}

/** The bytes that a token's letters stand for; letters outside of the alphabet stand for their own UTF-8. */
export function bytesOfLetters(letters: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of letters) {
    const byte = BYTES.get(letter);
    if (byte === undefined) bytes.push(...new TextEncoder().encode(letter));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
