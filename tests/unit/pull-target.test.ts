import { describe, expect, test } from 'vitest';
import { displayName, parseName } from '#core/names';
import { HUB_URL, isPlainName, parsePullTarget } from '#core/pull-target';
import { quantLabel } from '#core/quant-label';

const long = 'a'.repeat(90);

describe('what can be pulled', () => {
  test.each<[text: string, name: string, url?: string]>([
    ['smollm2:135m', 'smollm2:135m'],
    ['ns/model', 'ns/model:latest'],
    ['localhost:5000/ns/model:tag', 'localhost:5000/ns/model:tag'],
    ['hf.co/user/repo', 'hf.co/user/repo:latest'],
    ['hf.co/user/Repo.v1-2-GGUF:q4_k_m', 'hf.co/user/Repo.v1-2-GGUF:q4_k_m'],
    ['huggingface.co/user/repo:Q8_0', 'huggingface.co/user/repo:Q8_0'],
    ['https://huggingface.co/user/repo', 'huggingface.co/user/repo:latest'],
    ['https://hf.co/user/repo:Q8_0', 'hf.co/user/repo:Q8_0'],
    ['https://huggingface.co/user/repo?show_file_info=x.gguf', 'huggingface.co/user/repo:latest'],
    [
      'https://huggingface.co/user/repo/tree/main',
      'huggingface.co/user/repo:latest',
      `${HUB_URL}/user/repo/tree/main`,
    ],
    [
      'https://huggingface.co/user/repo/blob/main/tiny-Q4_K_M.gguf',
      'huggingface.co/user/repo:Q4_K_M',
      `${HUB_URL}/user/repo/resolve/main/tiny-Q4_K_M.gguf`,
    ],
    [
      'https://hf.co/user/repo/resolve/abc123/Q8_0/big%20one-00001-of-00002.gguf?download=true',
      'hf.co/user/repo:big-one',
      `${HUB_URL}/user/repo/resolve/abc123/Q8_0/big%20one-00001-of-00002.gguf`,
    ],
    [
      'https://models.example/files/Tiny.GGUF?v=1#x',
      'models.example/files/Tiny:latest',
      'https://models.example/files/Tiny.GGUF?v=1',
    ],
    [
      'https://models.example/x.gguf',
      'models.example/library/x:latest',
      'https://models.example/x.gguf',
    ],
    [
      'http://localhost:8080/a.b/x%C3%A9%20y.gguf',
      'localhost:8080/a-b/x-y:latest',
      'http://localhost:8080/a.b/x%C3%A9%20y.gguf',
    ],
    [
      `https://models.example/-/${long}.gguf`,
      `models.example/library/${long.slice(0, 80)}:latest`,
      `https://models.example/-/${long}.gguf`,
    ],
    ['https://hh/nn/mm:tt', 'hh/nn/mm:tt'],
    [
      'https://huggingface.co/us.er/repo',
      'huggingface.co/us-er/repo:latest',
      `${HUB_URL}/us.er/repo/tree/main`,
    ],
    [
      `https://huggingface.co/user/${long}`,
      `huggingface.co/user/${long.slice(0, 80)}:latest`,
      `${HUB_URL}/user/${long}/tree/main`,
    ],
    [
      `https://huggingface.co/user/${long}/blob/main/%E6%A8%A1.gguf`,
      `huggingface.co/user/${long.slice(0, 80)}:latest`,
      `${HUB_URL}/user/${long}/resolve/main/%E6%A8%A1.gguf`,
    ],
  ])('%s', (text, name, url) => {
    const target = parsePullTarget(text)!;
    expect(displayName(target.name)).toBe(name);
    expect(target.url).toBe(url);
    expect(parseName(displayName(target.name))).toEqual(target.name);
  });

  test('over plain HTTP by name, where the caller says so, from this computer', () => {
    const target = parsePullTarget('http://localhost:5000/ns/model', true)!;
    expect(target.insecure).toBe(true);
    expect(displayName(target.name)).toBe('localhost:5000/ns/model:latest');
    expect(parsePullTarget('http://localhost:5000/ns/model')).toBeNull();
    expect(parsePullTarget('http://models.example/ns/model', true)).toBeNull();
  });
});

test.each([
  '',
  '../x',
  'CON/../x',
  'http://models.example/x.gguf',
  'ftp://models.example/x.gguf',
  'file:///etc/x.gguf',
  'https://user:word@models.example/x.gguf',
  'https://models.example\\x.gguf',
  'https://models.example/a\nb.gguf',
  'https://models.example/a\0.gguf',
  'https://models.example/%00.gguf',
  'https://models.example/%2e%2e%2fx.gguf',
  'https://models.example/%.gguf',
  'https://huggingface.co/user',
  'https://huggingface.co/user/repo/blob/main/README.md',
  'https://huggingface.co/user/repo/blob/main',
  'https://huggingface.co/user/repo/raw/main/x.gguf',
  'https://huggingface.co/user/repo/resolve/main/..%2f..%2fx.gguf',
  'https://huggingface.co/user/repo:tag/blob/main/x.gguf',
  'https://huggingface.co/us%20er/repo',
  'a:b:c/ns/model',
  'host:99999/ns/model',
  'https://[::1/x.gguf',
])('%j is refused', (text) => {
  expect(parsePullTarget(text)).toBeNull();
});

test('10,000 random texts: none throws, and an address stays at its host', () => {
  const pieces = [
    ...['https://', 'http://', 'hf.co/', 'huggingface.co/', 'localhost:80', 'models.example'],
    ...[
      '/',
      '..',
      '../',
      '%2e%2e/',
      '%2f',
      '\\',
      '@',
      ':',
      '.gguf',
      'x',
      'blob/main/',
      '__proto__',
    ],
    ...['CON', '\0', 'é', '%', '#', '?', '-', 'resolve/', 'Q4_K_M'],
  ];
  let seed = 5;
  const pick = () => pieces[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % pieces.length]!;
  let addresses = 0;
  for (let at = 0; at < 10_000; at++) {
    const text = Array.from({ length: 2 + (at % 9) }, pick).join('');
    const target = parsePullTarget(at % 2 ? `https://${text}` : text, at % 3 === 0);
    if (!target) continue;
    expect(parseName(displayName(target.name))).toEqual(target.name);
    for (const part of Object.values(target.name) as string[]) expect(isPlainName(part)).toBe(true);
    if (target.url === undefined) continue;
    addresses++;
    const { protocol, host, pathname } = new URL(target.url);
    expect(pathname).not.toMatch(/\/\.\.?(\/|$)/);
    if (protocol === 'http:') expect(host).toMatch(/^localhost/);
    if (/^(huggingface\.co|hf\.co)/.test(target.name.host))
      expect(host).toMatch(/^(huggingface|hf)\.co/);
    else expect(host.replace(/^[^a-z0-9_]+/, '')).toBe(target.name.host);
  }
  expect(addresses).toBeGreaterThan(30);
});

test.each([
  ['SmolLM2-135M-Instruct-Q4_K_M.gguf', 'Q4_K_M'],
  ['tiny.q8_0.gguf', 'Q8_0'],
  ['big-UD-Q4_K_XL-00001-of-00002.gguf', 'UD-Q4_K_XL'],
  ['m-iq4_nl.gguf', 'IQ4_NL'],
  ['m-bf16.gguf', 'BF16'],
  ['model.gguf', null],
  ['Q4_K_Mice.gguf', null],
])('the quantization of %s is %s', (file, label) => {
  expect(quantLabel(file)).toBe(label);
});
