import { expect, test } from 'vitest';
import { blobFileName, digestHex, digestOf, parseDigest } from '#core/digest';

const HEX = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

test.each([`sha256:${HEX}`, `sha256-${HEX}`, `sha256:${HEX.toUpperCase()}`])(
  '%s is read',
  (text) => {
    const digest = parseDigest(text)!;
    expect(digest).toBe(`sha256:${HEX}`);
    expect(digestHex(digest)).toBe(HEX);
    expect(blobFileName(digest)).toBe(`sha256-${HEX}`);
  },
);

test.each([
  '',
  HEX,
  `sha256:${HEX.slice(1)}`,
  `sha256:${HEX}0`,
  `sha256:${HEX}\n`,
  `\nsha256:${HEX}`,
  `sha256:../${HEX.slice(3)}`,
  `sha256:${HEX.slice(0, 63)}/`,
  `sha256:${HEX.slice(0, 63)}\0`,
  `sha256:${HEX.slice(0, 63)}g`,
  `sha256:${HEX.slice(0, 63)}٣`,
  `sha512:${HEX}`,
  `SHA256:${HEX}`,
  `sha256_${HEX}`,
  ` sha256:${HEX}`,
  '__proto__',
  null,
  undefined,
  {},
  [`sha256:${HEX}`],
])('%j is refused', (text) => {
  expect(parseDigest(text)).toBeNull();
});

test('10,000 hostile digests are refused', () => {
  const pieces = [
    'sha256',
    ':',
    '-',
    HEX,
    HEX.slice(1),
    '../',
    '\0',
    '/',
    '%2e',
    'ä',
    'CON',
    '__proto__',
  ];
  let seed = 7;
  const pick = () => pieces[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % pieces.length]!;
  for (let at = 0; at < 10_000; at++) {
    const text = pick() + pick() + pick() + pick();
    const digest = parseDigest(text);
    if (digest) expect(text.toLowerCase()).toMatch(/^sha256[:-][0-9a-f]{64}$/);
  }
});

test('the digest of bytes', async () => {
  expect(await digestOf(new TextEncoder().encode('abc'))).toBe(
    'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
