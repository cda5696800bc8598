/** What a command says when it cannot do what it was asked: a sentence and exit code 1, never a stack. */

/** The message is the whole sentence, remedy included. */
export class Refusal extends Error {}

/** Words for what the file system refuses. */
const SYSTEM: Record<string, (path: string) => string> = {
  ENOENT: (path) => `${path} is not there. Check the path.`,
  EACCES: (path) => `${path} may not be opened by this user. Change its rights or choose another.`,
  EPERM: (path) => `${path} may not be changed by this user. Change its rights or choose another.`,
  EROFS: (path) => `${path} is on a disk that cannot be written. Choose another folder with --out.`,
  EISDIR: (path) => `${path} is a folder where a file is needed. Choose another path.`,
  ENOTDIR: (path) => `${path} leads through a file. Choose another path.`,
  EEXIST: (path) => `${path} is a file where a folder is needed. Choose another path.`,
  ENOSPC: () => 'The disk is full. Free space, or choose another folder with --out.',
  EDQUOT: () => "This user's share of the disk is full. Free space, or choose another with --out.",
  EFBIG: () => 'The system refuses files of this size. Choose a smaller --part-size.',
};

/** The sentence for `error`; null for a fault of the program itself. */
export function sentenceFor(error: unknown): string | null {
  if (error instanceof Refusal) return error.message;
  const { code = '', path = 'A file', message } = error as NodeJS.ErrnoException;
  if (code.startsWith('ERR_PARSE_ARGS')) return message;
  return SYSTEM[code]?.(path) ?? null;
}

/** Runs `main`; what it refuses is printed as a sentence, with exit code 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const sentence = sentenceFor(error);
    if (sentence === null) throw error;
    console.error(sentence);
    process.exitCode = 1;
  }
}
