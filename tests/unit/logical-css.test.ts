/** Styles name the start and the end of a line, not its left and right: a page may be read from the right. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const PHYSICAL = [
  /(?<![\w-])(?:margin|padding|border)-(?:left|right)\b/,
  /(?<![\w-])border-(?:top|bottom)-(?:left|right)-radius/,
  /(?<![\w.-])(?:left|right)\s*:/,
  /(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)/,
];
/** Four values, the second and fourth of which differ. */
const FOUR = /(?<![\w-])(?:margin|padding|inset)\s*:\s*\S+ (\S+) \S+ (\S+);/;

/** Where left is meant. */
const ALLOWED: Record<string, string[]> = {
  // Placed from there by `translate`, in pixels.
  'lib/ui/shell/RowMenu.svelte': ['inset: 0 auto auto 0;'],
};

function styles(file: string): string {
  const text = readFileSync(path.join('src', file), 'utf8');
  return file.endsWith('.css') ? text : text.slice(text.search(/^<style/m) >>> 0);
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(svelte|css)$/.test(file),
);

test.each(files)('%s', (file) => {
  const found = styles(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => {
      const [, second, fourth] = FOUR.exec(line) ?? [];
      return second !== fourth || PHYSICAL.some((pattern) => pattern.test(line));
    });
  expect(found).toEqual(ALLOWED[file] ?? []);
});
