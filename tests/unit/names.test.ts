import { describe, expect, test } from 'vitest';
import { displayName, nameKey, parseName } from '#core/names';

const part = (length: number) => 'a'.repeat(length);
const HEX = '0'.repeat(64);
const site = 'registry.ollama.ai';

describe('valid names', () => {
  test.each<[string, [host: string, namespace: string, model: string, tag: string], string]>([
    ['mm', [site, 'library', 'mm', 'latest'], 'mm:latest'],
    ['mm:tt', [site, 'library', 'mm', 'tt'], 'mm:tt'],
    ['nn/mm', [site, 'nn', 'mm', 'latest'], 'nn/mm:latest'],
    ['nn/mm:tt', [site, 'nn', 'mm', 'tt'], 'nn/mm:tt'],
    ['hh/nn/mm', ['hh', 'nn', 'mm', 'latest'], 'hh/nn/mm:latest'],
    ['hh/nn/mm:tt', ['hh', 'nn', 'mm', 'tt'], 'hh/nn/mm:tt'],
    ['hh:8080/nn/mm', ['hh:8080', 'nn', 'mm', 'latest'], 'hh:8080/nn/mm:latest'],
    ['https://hh/nn/mm:tt', ['hh', 'nn', 'mm', 'tt'], 'hh/nn/mm:tt'],
    ['http://hh:80/nn/mm:tt', ['hh:80', 'nn', 'mm', 'tt'], 'hh:80/nn/mm:tt'],
    [`${site}/library/mm:tt`, [site, 'library', 'mm', 'tt'], 'mm:tt'],
    [`mm:tt@sha256:${HEX}`, [site, 'library', 'mm', 'tt'], 'mm:tt'],
    ['_why/_the/_lucky:_stiff', ['_why', '_the', '_lucky', '_stiff'], '_why/_the/_lucky:_stiff'],
    ['smollm2:135m', [site, 'library', 'smollm2', '135m'], 'smollm2:135m'],
    ['m.m:t.t', [site, 'library', 'm.m', 't.t'], 'm.m:t.t'],
    ['0/1/2:3', ['0', '1', '2', '3'], '0/1/2:3'],
  ])('%s', (text, [host, namespace, model, tag], shown) => {
    const name = parseName(text)!;
    expect(name).toEqual({ host, namespace, model, tag });
    expect(displayName(name)).toBe(shown);
    expect(parseName(shown)).toEqual(name);
  });

  test('of the longest parts', () => {
    expect(parseName(`${part(350)}/${part(80)}/${part(80)}:${part(80)}`)).not.toBeNull();
  });

  test('that differ by case only share a key', () => {
    const keys = ['SmolLM2:135M', 'smollm2:135m', 'LIBRARY/smollm2:135m'].map((text) =>
      nameKey(parseName(text)!),
    );
    expect(new Set(keys).size).toBe(1);
  });
});

describe('invalid names', () => {
  test.each([
    '',
    '^',
    'mm:',
    '/nn/mm',
    '//',
    'hh//',
    'hh/nn/mm/',
    '/mm',
    ':tt',
    '-hh/nn/mm:tt',
    'hh/-nn/mm:tt',
    'hh/nn/-mm:tt',
    'hh/nn/mm:-tt',
    'host/name:space/model:tag',
    'hh/n.n/mm:tt',
    'hh/nn/mm:t:t',
    'a/b/c/d',
    '..',
    '../mm',
    'hh/../mm',
    'hh/nn/..',
    'mm:..',
    'm m',
    'mm\n',
    'mm\0',
    'mäm',
    'mm%2f..',
    'hh/nn/mm:tt/xx',
    `${part(351)}/nn/mm`,
    `${part(81)}/mm`,
    part(81),
    `mm:${part(81)}`,
  ])('%j', (text) => {
    expect(parseName(text)).toBeNull();
  });
});

test('10,000 random names: no part is a path, and what is valid round-trips', () => {
  const pieces = [
    'a',
    'B',
    '.',
    '..',
    '/',
    ':',
    '-',
    '_',
    '@',
    '://',
    'mm',
    '\0',
    'é',
    '%',
    part(90),
  ];
  let seed = 11;
  const pick = () => pieces[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % pieces.length]!;
  let valid = 0;
  for (let at = 0; at < 10_000; at++) {
    const name = parseName(Array.from({ length: 1 + (at % 7) }, pick).join(''));
    if (!name) continue;
    valid++;
    for (const value of Object.values(name) as string[]) {
      expect(value).not.toMatch(/^\.|[/\\\0]/);
      expect(value.length).toBeLessThanOrEqual(350);
    }
    expect(parseName(displayName(name))).toEqual(name);
  }
  expect(valid).toBeGreaterThan(100);
});
