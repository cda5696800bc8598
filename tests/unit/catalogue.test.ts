/** The catalogue's data, and the names that it answers to. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { CatalogueEntry } from '#core/catalogue/catalogue';
import { catalogue, hostOf, isAmong, keysOf, pullName } from '#core/catalogue/catalogue';
import { lookup } from '#core/catalogue/lookup';
import { layersOf, parseManifest } from '#core/manifest';
import { parseName } from '#core/names';
import { STARTER } from '#core/starter';

const TASKS = ['chat', 'code', 'reasoning', 'vision', 'embedding'];
const entries = catalogue();

describe.each(entries.map((entry) => [entry.title, entry] as const))('%s', (_, entry) => {
  it('has what the page shows', () => {
    for (const text of [entry.family, entry.about, entry.license, entry.architecture]) {
      expect(text).toMatch(/\S/);
    }
    expect(entry.tasks).not.toHaveLength(0);
    for (const task of entry.tasks) expect(TASKS).toContain(task);
    expect(entry.capabilities).not.toHaveLength(0);
    expect(entry.quantization).toMatch(/^(Q\d_([01]|K_[SML])|F16|BF16)$/);
    for (const count of [entry.parameters, entry.size, entry.context]) {
      expect(Number.isInteger(count) && count > 0).toBe(true);
    }
    expect(new URL(entry.source).protocol).toBe('https:');
  });

  it('has a size that its parameters and quantization allow', () => {
    // Bits a parameter: from a 4-bit file with nothing else to an 8-bit one with its projector in 16.
    const bits = (entry.size * 8) / entry.parameters;
    const [least, most] = entry.quantization.startsWith('Q8') ? [8, 10] : [4, 8];
    expect(bits).toBeGreaterThanOrEqual(least);
    expect(bits).toBeLessThanOrEqual(most);
  });

  it('is found under names that are valid', () => {
    for (const name of entry.names) expect(parseName(name)?.namespace).toBe('library');
    if (entry.hub === null) return expect(entry.names[0]).toBeDefined();
    expect(parseName(entry.hub)).toMatchObject({ host: 'hf.co', tag: entry.quantization });
    for (const name of entry.names) expect(lookup(parseName(name)!)).toBe(entry.hub);
  });
});

it('no two entries share a name, a repository or a title', () => {
  for (const of of [
    entries.flatMap(({ names }) => names.map((name) => name.toLowerCase())),
    entries.flatMap(({ hub }) => (hub ? [hub.toLowerCase()] : [])),
    entries.map(({ title }) => title),
  ]) {
    expect(new Set(of).size).toBe(of.length);
  }
});

it('covers every task', () => {
  const tasks = new Set(entries.flatMap((entry) => entry.tasks));
  expect([...tasks].sort()).toEqual([...TASKS].sort());
});

it('the starter comes from the site, in its true size', () => {
  const starter = entries.find(({ names }) => names.includes(STARTER.name))!;
  expect(starter).toMatchObject({ hub: null, size: STARTER.size, license: STARTER.license });
  expect(hostOf(starter)).toBeNull();
  expect(lookup(parseName(STARTER.name)!)).toBeNull();
});

describe('the embedding model', () => {
  const minilm = (list: readonly CatalogueEntry[]) =>
    list.find(({ names }) => names.includes('all-minilm:22m'))!;

  it('comes from the site, in its true size; a name that the site has not leads to its like', () => {
    const entry = minilm(entries);
    expect(entry).toMatchObject({ hub: null, tasks: ['embedding'] });
    expect(hostOf(entry)).toBeNull();
    for (const name of entry.names.slice(0, 2)) {
      const { tag } = parseName(name)!;
      const manifest = parseManifest(
        readFileSync(`static/v2/library/all-minilm/manifests/${tag}`, 'utf8'),
      );
      expect(layersOf(manifest, 'model').map(({ size }) => size)).toEqual([entry.size]);
    }
    expect(lookup(parseName('all-minilm:l6-v2')!)).toMatch(/^hf\.co\//);
  });

  it('comes from the hub where a demo has its starter alone', async () => {
    vi.resetModules();
    vi.stubGlobal('__PADDOCK_STARTER__', { ...STARTER, name: 'acme/chat:1b', alone: true });
    try {
      const demo = await import('#core/catalogue/catalogue');
      const listed = demo.catalogue();
      expect(demo.hostOf(minilm(listed))).toBe('hf.co');
      expect(demo.pullName(minilm(listed))).toBe('all-minilm:22m');
      expect(listed.some(({ names }) => names.includes(STARTER.name))).toBe(false);
      expect(listed.every(({ hub }) => hub !== null)).toBe(true);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('names', () => {
  const qwen = entries.find(({ names }) => names.includes('qwen3:0.6b'))!;

  it('a bare name leads to its repository, in whatever case', () => {
    expect(lookup(parseName('qwen3:0.6b')!)).toBe('hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0');
    expect(lookup(parseName('QWEN3:0.6B')!)).toBe('hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0');
    expect(lookup(parseName('llama3.2')!)).toBe(
      'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M',
    );
  });

  it('what the library has not, or another namespace has, leads nowhere', () => {
    for (const name of ['qwen3:0.7b', 'someone/qwen3:0.6b', 'example.org/library/qwen3:0.6b']) {
      expect(lookup(parseName(name)!)).toBeNull();
    }
  });

  it('an installed model is known by any of its names', () => {
    expect(pullName(qwen)).toBe('qwen3:0.6b');
    const here = (name: string) => isAmong(keysOf(['smollm2:135m', name]), qwen);
    expect(here('qwen3:0.6b')).toBe(true);
    expect(here('hf.co/qwen/qwen3-0.6b-gguf:q8_0')).toBe(true);
    expect(here('hf.co/Qwen/Qwen3-0.6B-GGUF:Q4_0')).toBe(false);
    expect(hostOf(qwen)).toBe('hf.co');
  });

  it('a model without a library name is pulled by its repository', () => {
    const unnamed = entries.find(({ names }) => names.length === 0)!;
    expect(pullName(unnamed)).toBe(unnamed.hub);
  });
});
