/** What a chosen file is, by its first bytes and its name: a type that a browser gives is a guess by the name alone. */
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

/**
 * The text of a file: UTF-8, or UTF-16 where its first bytes say so; lines end with `\n`.
 * @throws PaddockError `bad_file` where it is too large, no text, or empty
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT) {
    throw badFile(`“${name}” is larger than 10 MB.`, 'Add the part of it that matters.');
  }
  const text = decode(name, bytes).replace(/\r\n?/g, '\n');
  if (text.includes('\0')) throw noText(name);
  if (text.trim() === '') throw badFile(`“${name}” is empty.`, 'Choose another file.');
  return text;
}

function decode(name: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-16be';
  const isWide = wide === 'utf-16le' || (first === 0xfe && second === 0xff);
  try {
    return new TextDecoder(isWide ? wide : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw noText(name);
  }
}

function noText(name: string) {
  return badFile(
    `“${name}” is no text that can be read here.`,
    'Add texts and code in UTF-8, PDFs, or images; save other documents as one of these first.',
  );
}
