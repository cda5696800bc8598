/** One family for one model, whatever its files are called, and every file in one. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '#core/catalogue/catalogue';
import { cpuTwin } from '#core/catalogue/cpu-twin';
import { families, fileLabel, isOlder, type Family } from '#core/catalogue/families';
import { MLC } from '#core/catalogue/mlc';
import { mlcSize } from '#core/catalogue/mlc-size';
import { modelKey, namedModel } from '#core/catalogue/series';
import { parseName } from '#core/names';

const all = families();
const TASKS = ['chat', 'code', 'reasoning', 'vision', 'embedding'];
const find = (title: string): Family => {
  const found = all.filter((family) => family.title === title);
  expect(found, title).toHaveLength(1);
  return found[0]!;
};

describe('every file is in one family', () => {
  it('of web-llm’s list each repository once, and nothing else', () => {
    const listed = all
      .flatMap(({ files }) => files)
      .flatMap((file) => (file.format === 'mlc' ? [file.model.repository] : []));
    expect(listed.sort()).toEqual(MLC.models.map(({ repository }) => repository).sort());
    expect(listed.length).toBeGreaterThan(130);
  });

  it('of the catalogue each entry once, under its names', () => {
    const files = all
      .flatMap((family) => family.files)
      .flatMap((file) => (file.format === 'gguf' ? [file] : []));
    expect(files).toHaveLength(catalogue().length);
    for (const entry of catalogue()) {
      const file = files.find((one) => one.entry === entry)!;
      expect(file).toMatchObject({ names: entry.names, hub: entry.hub, size: entry.size });
      expect(file.about).toBe(entry.hub !== null);
    }
  });

  it('no two families share a title, no two files of one a label', () => {
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    for (const { files } of all) {
      expect(new Set(files.map(fileLabel)).size).toBe(files.length);
    }
  });
});

it.each([
  ['SmolLM2 135M', 'MLC q0f16, MLC q0f32, GGUF Q4_1'],
  ['SmolLM2 360M', 'MLC q4f16_1, MLC q4f32_1, MLC q0f16, MLC q0f32, GGUF Q8_0'],
  ['SmolLM2 1.7B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Llama 3.2 1B', 'MLC q4f16_1, MLC q4f32_1, MLC q0f16, MLC q0f32, GGUF Q4_K_M'],
  ['Llama 3.2 3B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Qwen 2.5 0.5B', 'MLC q4f16_1, MLC q4f32_1, MLC q0f16, MLC q0f32, GGUF Q4_K_M'],
  ['Qwen 2.5 1.5B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Qwen 2.5 3B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Qwen 2.5 Coder 0.5B', 'MLC q4f16_1, MLC q4f32_1, MLC q0f16, MLC q0f32, GGUF Q4_K_M'],
  ['Qwen 2.5 Coder 1.5B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Qwen 3 0.6B', 'MLC q4f16_1, MLC q4f32_1, MLC q0f16, MLC q0f32, GGUF Q8_0'],
  ['Qwen 3 1.7B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q8_0'],
  ['Qwen 3 4B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  ['Gemma 3 1B', 'MLC q4f16_1, GGUF Q4_K_M'],
  ['DeepSeek R1 Distill Qwen 1.5B', 'GGUF Q4_K_M'],
  ['DeepSeek R1 Distill Qwen 7B', 'MLC q4f16_1, MLC q4f32_1'],
  ['DeepSeek R1 Distill Llama 8B', 'MLC q4f16_1, MLC q4f32_1'],
  ['TinyLlama 1.1B', 'MLC q4f16_1, MLC q4f32_1, GGUF Q4_K_M'],
  // One of the lists alone.
  ['Gemma 3 4B', 'GGUF Q4_K_M'],
  ['Qwen 3 Embedding 0.6B', 'GGUF Q8_0'],
  ['Phi 4 Mini', 'MLC q4f16_1, MLC q4f32_1'],
  ['Phi 3.5 Mini', 'MLC q4f16_1, MLC q4f32_1'],
  ['Phi 1.5', 'MLC q4f16_1, MLC q4f32_1'],
  ['Gemma 2B', 'MLC q4f16_1, MLC q4f32_1'],
  ['Llama 3.1 70B', 'MLC q3f16_1'],
  ['Snowflake Arctic Embed S', 'MLC q0f32'],
])('%s: %s', (title, files) => {
  expect(find(title).files.map(fileLabel).join(', ')).toBe(files);
});

describe('what a name says', () => {
  it.each([
    ['bartowski/Llama-3.2-1B-Instruct-GGUF', 'mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC'],
    ['mlc-ai/Llama-3.2-1B-Instruct-q0f32-MLC', 'mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC'],
    ['lmstudio-community/gemma-3-1b-it-GGUF', 'mlc-ai/gemma3-1b-it-q4f16_1-MLC'],
    ['Qwen/Qwen3-0.6B-GGUF', 'mlc-ai/Qwen3-0.6B-q0f16-MLC'],
  ])('%s and %s are one model', (one, other) => {
    expect(modelKey(one)).toBe(modelKey(other));
  });

  it.each([
    [
      'mlc-ai/Ministral-3-3B-Base-2512-q4f16_1-MLC',
      'Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC',
    ],
    ['mlc-ai/gemma-2-2b-it-q4f16_1-MLC', 'mlc-ai/gemma-2-2b-jpn-it-q4f16_1-MLC'],
    ['mlc-ai/gemma-2-2b-it-q4f16_1-MLC', 'mlc-ai/gemma-2b-it-q4f16_1-MLC'],
    ['a/Qwen2.5-1.5B-Instruct-GGUF', 'a/Qwen2.5-Coder-1.5B-Instruct-GGUF'],
    ['a/Qwen2.5-1.5B-Instruct-GGUF', 'a/Qwen2.5-1.5B-GGUF'],
    ['a/Qwen3-1.7B-GGUF', 'a/Qwen3-17B-GGUF'],
    ['a/gemma-3-1b-it-GGUF', 'a/gemma-31b-it-GGUF'],
    ['mlc-ai/Mistral-7B-Instruct-v0.2-q4f16_1-MLC', 'mlc-ai/Mistral-7B-Instruct-v0.3-q4f16_1-MLC'],
    ['mlc-ai/TinyLlama-1.1B-Chat-v0.4-q4f16_1-MLC', 'TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC'],
  ])('%s and %s are not', (one, other) => {
    expect(modelKey(one)).not.toBe(modelKey(other));
  });

  it('the rule’s titles are those of the catalogue, where both have the model', () => {
    const shared = all.filter(({ files }) => new Set(files.map(({ format }) => format)).size === 2);
    expect(shared.length).toBeGreaterThanOrEqual(14);
    for (const { title, files } of shared) {
      const [first] = files;
      if (first?.format !== 'mlc') throw new Error('MLC comes first');
      expect(namedModel(modelKey(first.model.repository))!.title).toBe(title);
    }
  });

  it('of a model that no series has, nothing is made up', () => {
    expect(namedModel('nobody-1b')).toBeNull();
    expect(namedModel('gemmatron-1b')).toBeNull();
  });

  it('sizes and licences that the name cannot tell come from the table', () => {
    expect(namedModel('qwen-3.5-0.8b')).toMatchObject({
      parameters: 800e6,
      title: 'Qwen 3.5 0.8B',
    });
    expect(namedModel('qwen-2.5-coder-3b-instruct')).toMatchObject({
      parameters: 3.09e9,
      license: 'Qwen Research',
    });
    expect(namedModel('phi-2')).toMatchObject({ parameters: 2.78e9, title: 'Phi 2' });
    expect(namedModel('stablelm-2-zephyr-1.6b')!.license).toBe('See its page');
  });
});

describe.each(all.map((family) => [family.title, family] as const))('%s', (_, family) => {
  it('has what the page shows', () => {
    expect(family.about).toMatch(/^[A-Z].*\.$/);
    expect(family.license).toMatch(/\S/);
    expect(family.released).toMatch(/^20\d\d-[01]\d$/);
    expect(family.parameters).toBeGreaterThan(1e7);
    expect(family.tasks).not.toHaveLength(0);
    for (const task of family.tasks) expect(TASKS).toContain(task);
    expect(family.capabilities).not.toHaveLength(0);
    expect(new URL(family.source).protocol).toBe('https:');
    for (const file of family.files) {
      expect(file.context).toBeGreaterThan(0);
      for (const name of [...file.names, file.hub])
        if (name) expect(parseName(name)).not.toBeNull();
    }
  });

  it('estimates weights that fit into what web-llm says that they take', () => {
    for (const file of family.files) {
      if (file.format !== 'mlc') continue;
      const least = Math.min(...file.model.variants.map(({ memory }) => memory));
      expect(file.size).toBeLessThan(least);
      expect(file.size).toBeGreaterThan(least / 8);
      expect(file.about).toBe(true);
    }
  });
});

it('a weight takes its bits and its share of a scale', () => {
  expect(mlcSize(32e6, 'q4f16_1')).toBe((32e6 * 4.5) / 8);
  expect(mlcSize(32e6, 'q4f32_1')).toBe((32e6 * 5) / 8);
  expect(mlcSize(1e6, 'q0f16')).toBe(2e6);
  expect(mlcSize(1e6, 'q0f32')).toBe(4e6);
});

describe('the order', () => {
  const at = (title: string) => all.indexOf(find(title));

  it('what was chosen by hand comes first, as it was listed', () => {
    expect(all.slice(0, 4).map(({ title }) => title)).toEqual([
      'SmolLM2 135M',
      'SmolLM2 360M',
      'SmolLM2 1.7B',
      'Qwen 2.5 0.5B',
    ]);
  });

  it('then the newest, and old ones last', () => {
    expect(at('Qwen 3.5 0.8B')).toBeGreaterThan(at('Llama 3.2 1B'));
    expect(at('Qwen 3.5 0.8B')).toBeLessThan(at('Llama 3.1 8B'));
    expect(at('Ministral 3 3B')).toBeLessThan(at('Ministral 3 3B Base'));
    for (const old of ['Llama 2 7B', 'RedPajama INCITE 3B', 'Phi 1.5', 'TinyLlama 1.1B']) {
      expect(isOlder(find(old))).toBe(true);
      expect(at(old)).toBeGreaterThan(at('Qwen 2 7B'));
    }
    const firstOld = all.findIndex(isOlder);
    expect(all.slice(firstOld).every(isOlder)).toBe(true);
  });
});

describe('the file for the CPU in the place of an MLC one', () => {
  it('is its family’s GGUF file, by the name that a pull takes', () => {
    expect(cpuTwin('hf.co/mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC:latest')).toBe('llama3.2:1b');
    expect(cpuTwin('hf.co/mlc-ai/SmolLM2-360M-Instruct-q0f32-MLC')).toBe('smollm2:360m');
  });

  it('is none where the family has none, or nobody knows the model', () => {
    expect(cpuTwin('hf.co/mlc-ai/phi-1_5-q4f16_1-MLC')).toBeUndefined();
    expect(cpuTwin('hf.co/user/mine-MLC')).toBeUndefined();
    expect(cpuTwin('smollm2:135m')).toBeUndefined();
  });
});
