/** What a chosen file is, by its first bytes and its name: a type that a browser gives is a guess by the name alone. */
import type { TextEncoding } from './encoding';
import { badFile, MOST_TEXT } from './limits';
import { endingOf } from './file-name';

export type FileKind = 'text' | 'pdf' | 'image' | 'svg' | 'heic';

/** Bytes that `kindOf` wants to see. */
export const HEAD = 1024;

const IMAGE_ENDINGS = new Set(['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'avif']);

/** @param head the first bytes, `HEAD` of them at most */
export function kindOf(name: string, head: Uint8Array): FileKind {
  const ending = endingOf(name);
  const letters = String.fromCharCode(...head);
  // A PDF may have some bytes before its mark (ISO 32000-2, annex I).
  if (letters.includes('%PDF-')) return 'pdf';
  if (/^ftyp(heic|heix|hevc|hevx|mif1|msf1)/.test(letters.slice(4, 12))) return 'heic';
  if (isImage(letters)) return 'image';
  if (
    ending === 'svg' ||
    /^\s*(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)?(<!doctype svg[^>]*>\s*)?<svg\b/i.test(letters)
  ) {
    return 'svg';
  }
  if (ending === 'heic' || ending === 'heif') return 'heic';
  if (ending === 'pdf') return 'pdf';
  return IMAGE_ENDINGS.has(ending) ? 'image' : 'text';
}

function isImage(letters: string): boolean {
  return (
    letters.startsWith('\x89PNG\r\n\x1a\n') ||
    letters.startsWith('\xff\xd8\xff') ||
    /^RIFF[^]{4}WEBP/.test(letters) ||
    /^GIF8[79]a/.test(letters) ||
    /^[^]{4}ftypavi[fs]/.test(letters) ||
    /^BM[^]{4}\0\0\0\0/.test(letters)
  );
}

export interface DecodedText {
  text: string;
  /** Absent: UTF-8. */
  encoding?: TextEncoding;
}

/**
 * The text of a file: UTF-8, UTF-16 where its first bytes say so, or else Windows-1252, which Latin-1 is a part of;
 * lines end with `\n`.
 * @throws PaddockError `bad_file` where it is too large, no text, or empty
 */
export function decodeText(name: string, bytes: Uint8Array): DecodedText {
  if (bytes.length > MOST_TEXT) {
    throw badFile(`“${name}” is larger than 10 MB.`, 'Add the part of it that matters.');
  }
  const decoded = decode(name, bytes);
  const text = decoded.text.replace(/\r\n?/g, '\n');
  if (text.includes('\0')) throw noText(name);
  if (text.trim() === '') throw badFile(`“${name}” is empty.`, 'Choose another file.');
  return { ...decoded, text };
}

function decode(name: string, bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  const little = first === 0xff && second === 0xfe;
  if (little || (first === 0xfe && second === 0xff)) {
    const text = decoded(bytes, little ? 'utf-16le' : 'utf-16be');
    if (text === null) throw noText(name);
    return { text, encoding: 'UTF-16' };
  }
  const text = decoded(bytes, 'utf-8');
  if (text !== null) return { text };
  const single = new TextDecoder('windows-1252').decode(bytes);
  if (NO_LETTERS.test(single)) throw noText(name);
  return { text: single, encoding: 'Windows-1252' };
}

/** Any bytes decode as Windows-1252: control characters, but for white space, tell what is no text. */
const NO_LETTERS = /[^\P{Cc}\t\n\f\r]/u;

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function noText(name: string) {
  return badFile(
    `“${name}” is no text that can be read here.`,
    'Add texts and code, PDFs, or images; save other documents as one of these first.',
  );
}
