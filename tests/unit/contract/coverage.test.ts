/** Every one of Ollama's best tests, and every row and trap of the contract, has its proof. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEST, ROWS, type Claim } from './proofs';

function textOf(file: string): string {
  const end = /(cases|\.spec)$/.test(file) ? 'ts' : 'test.ts';
  return readFileSync(new URL(`../${file}.${end}`, import.meta.url), 'utf8');
}

describe.each([
  ['test', BEST],
  ['row or trap', ROWS],
])('%s', (_kind, claims) => {
  for (const [name, { what, by }] of Object.entries<Claim>(claims)) {
    it.each(by)(`${name}, ${what}: in %s`, (file, words) => {
      expect(textOf(file)).toContain(words);
    });
  }
});

it('leaves out none', () => {
  const unused = [6, 20, 22, 26, 35];
  const numbers = [...Object.keys(BEST).map(Number), ...unused].sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  for (const letter of 'abcdefghij') expect(ROWS).toHaveProperty(letter);
});
