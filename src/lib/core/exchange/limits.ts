/** What an import takes, and the faults of what it does not. Sizes in bytes. */
import { PaddockError } from '#core/errors';
import { formatBytes } from '#core/format';

/** The file as it was chosen: only one chat of it is in memory at a time. A ZIP's own bound is 4 GB. */
export const MOST_FILE = 2_000_000_000;
/** One chat as JSON, pictures too, or one file in a ZIP: beside it stands what it becomes, some five times that. */
export const MOST_CHAT = 200_000_000;
/** All that a ZIP unpacks to. */
export const MOST_UNPACKED = 4_000_000_000;
/** Files in a ZIP. */
export const MOST_ENTRIES = 100_000;
/** Messages of one chat. */
export const MOST_MESSAGES = 100_000;
/** Brackets within brackets in JSON: ours need 10. */
export const MOST_DEPTH = 100;
/** Characters. */
export const MOST_TITLE = 500;

/** `message` is the whole sentence. */
export function badFile(message: string, remedy: string): PaddockError {
  return new PaddockError('bad_file', message, { remedy });
}

export function tooLarge(what: string, size: number, most: number): PaddockError {
  return badFile(
    `${what} is ${formatBytes(size)}, and at most ${formatBytes(most)} are read.`,
    'Export fewer chats at a time.',
  );
}
