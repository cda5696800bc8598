/** The text of a Modelfile: its encoding, and the characters that are kept. */

/** UTF-8 unless the first two bytes are the byte order mark of UTF-16. */
export function decodeModelfile(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** What Go does not print: control and format characters, and every blank that is not ASCII. */
const DROPPED = /[^\p{L}\p{M}\p{N}\p{P}\p{S} \t\r\n]/gu;

export function printable(text: string): string {
  return text.replace(DROPPED, '');
}

export function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

export function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}
