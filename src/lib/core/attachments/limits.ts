/** What may be added to a message. */
import { PaddockError } from '#core/errors';

/** Files of one message. */
export const MOST_FILES = 20;
/** Bytes of a text: some two million tokens, more than any context here holds. */
export const MOST_TEXT = 10 * 1000 ** 2;
/** Bytes of a PDF, which is read as a whole. */
export const MOST_PDF = 100 * 1000 ** 2;
/** Pages of a PDF. */
export const MOST_PAGES = 200;
/** Bytes of an image, before it is made smaller. */
export const MOST_IMAGE = 30 * 1000 ** 2;
/** Pixels of an image, before it is made smaller: 400 MB while it is drawn. */
export const MOST_PIXELS = 100 * 1000 ** 2;
/** Pixels of the longer side of an image as it is kept and sent. */
export const LONGEST_SIDE = 1024;

/** A pasted text of more characters is offered as a file. */
export const OFFER_PASTE = 2000;
/** A pasted text of more characters is a file at once: a text field that holds it would answer no key in time. */
export const TAKE_PASTE = 100_000;

/** What is wrong with a file, and what to do. */
export function badFile(message: string, remedy: string): PaddockError {
  return new PaddockError('bad_file', message, { remedy });
}
