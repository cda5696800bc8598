/** What a Modelfile is made of. Source of the grammar and of the test vectors: ollama, parser/parser.go. */
import { PaddockError } from '#core/errors';

/** Commands with a value and nothing else; in the order in which an error lists them. */
export const PLAIN = [
  'from',
  'license',
  'template',
  'system',
  'adapter',
  'draft',
  'renderer',
  'parser',
  'requires',
] as const;

export const ROLES = ['system', 'user', 'assistant'] as const;
export type Role = (typeof ROLES)[number];

export type Command =
  | { name: (typeof PLAIN)[number]; value: string }
  | { name: 'parameter'; key: string; value: string }
  | { name: 'message'; role: Role; value: string };

/** In their order in the file; comments are not kept. */
export type Modelfile = Command[];

const NAMES = [...PLAIN, 'parameter', 'message'] as const;
export type CommandName = (typeof NAMES)[number];

export function commandName(word: string): CommandName | undefined {
  const lower = word.toLowerCase();
  return NAMES.find((name) => name === lower);
}

/** `"a", "b", or "c"`. */
function choice(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return `${quoted.slice(0, -1).join(', ')}, or ${quoted.at(-1)!}`;
}

export const COMMAND_FAULT = `command must be one of ${choice(NAMES)}`;
export const ROLE_FAULT = `message role must be one of ${choice(ROLES)}`;

/** @param line from 1; absent where the fault is in no line of it */
export function badModelfile(why: string, line?: number): PaddockError {
  if (line === undefined) return new PaddockError('bad_request', why);
  return new PaddockError('bad_request', `(line ${line}): ${why}`, { line });
}
