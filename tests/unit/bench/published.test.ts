/** Published figures beside a model: the same or the nearest, as they were published. */
import { describe, expect, it } from 'vitest';
import { parameterCount } from '#core/bench/parameter-count';
import { publishedFor, standing } from '#core/bench/published';
import { parameterSize } from '#core/gguf';

const cpuTable = (name: string, parameters = '') =>
  publishedFor({ name, parameters }).find(({ id }) => id === 'ollama-cpu-gpu-2024');

describe('the model', () => {
  it.each([
    ['llama3.2:1b', 'llama3.2:1b'],
    ['hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M', 'llama3.2:1b'],
    ['Llama-3.2-3B-Instruct-q4f16_1-MLC:latest', 'llama3.2:3b'],
    ['qwen2.5:0.5b', 'qwen2.5:0.5b'],
  ])('%s is %s', (name, model) => {
    expect(cpuTable(name)).toMatchObject({ model, same: true });
  });

  it('is the nearest by parameters where it is another', () => {
    expect(cpuTable('smollm2:135m', '134.52M')).toMatchObject({
      model: 'qwen2.5:0.5b',
      same: false,
    });
    expect(cpuTable('qwen3:1.7b', '1.7B')).toMatchObject({ model: 'llama3.2:1b', same: false });
    expect(cpuTable('qwen3:14b', '14.8B')).toMatchObject({ model: 'llama3.1:8b', same: false });
    expect(cpuTable('qwen2.5-coder:0.5b', '494M')).toMatchObject({ same: false });
    expect(publishedFor({ name: 'unknown', parameters: '' })).toEqual([]);
  });

  it('of a table of one device is a row of it', () => {
    const a6000 = publishedFor({ name: 'mistral:7b', parameters: '7.2B' }).find(
      ({ id }) => id === 'ollama-a6000-2024',
    );
    expect(a6000).toMatchObject({ model: 'mistral:7b-instruct-v0.2-q4_0', same: true });
    expect(a6000?.rows).toEqual([
      {
        device: 'NVIDIA A6000 (48 GB), AMD EPYC-Rome (14 cores), 92 GB',
        kind: 'gpu',
        rate: 102.1478,
      },
    ]);
  });
});

it('what was not published stays so', () => {
  const rows = cpuTable('llama3.2:3b')!.rows;
  expect(rows).toHaveLength(15);
  expect(rows.find(({ device }) => device === 'i7-6820HQ')).toEqual({
    device: 'i7-6820HQ',
    kind: 'cpu',
    rate: 10.2,
  });
  expect(rows.find(({ device }) => device === 'Ryzen AI 9 HX 370')?.rate).toBeNull();
});

it('a rate stands between its neighbours', () => {
  const { rows } = cpuTable('llama3.2:1b')!;
  expect(standing(18, rows)).toMatchObject({
    below: { device: 'M1000M', rate: 17.6 }, // equal to the E5-2696 v3's, which comes first
    above: { device: 'GTX 960', rate: 18.6 },
  });
  expect(standing(1, rows)).toMatchObject({ below: null, above: { device: 'E3-1226 v3' } });
  expect(standing(400, rows)).toMatchObject({ below: { device: 'RTX A6000 Ada' }, above: null });
});

describe('a number of parameters', () => {
  it.each([
    ['134.52M', 134_520_000],
    ['1.2B', 1_200_000_000],
    ['0.5b', 500_000_000],
    ['64K', 64_000],
    ['512', 512],
  ])('%s is %d', (text, count) => {
    expect(parameterCount(text)).toBe(count);
  });

  it.each(['', 'B', '8x7B', '1.2 billion', '-3B', '0B', '1e9'])('%j is none', (text) => {
    expect(parameterCount(text)).toBeNull();
  });

  it('comes back from what lists write', () => {
    expect(parameterCount(parameterSize(1_700_000_000))).toBe(1_700_000_000);
  });
});
