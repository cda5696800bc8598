/** How files stand before a message. */
import { cleanName } from './file-name';

export interface TextFile {
  name: string;
  text: string;
}

/**
 * `content` behind the files, each a block between fences that no line of it can end: they have one backtick more
 * than its longest run of them (CommonMark 0.31, 4.5).
 */
export function withTextFiles(content: string, files: readonly TextFile[]): string {
  return [...files.map(fenced), content].filter((part) => part !== '').join('\n\n');
}

/** One file alone. */
export function fenced({ name, text }: TextFile): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `File: ${cleanName(name)}\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
