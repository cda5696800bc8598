/** Words for a person, with the figures that they are about. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  candidateLabel,
  ceilingSentence,
  loadLabel,
  rateWords,
  spreadText,
} from '#core/bench/narrate';
import { ENGLISH, speakBy } from '#core/language';
import { catalogue } from '#core/messages/de.late';
import { ceilingWords, resultSentence } from '#core/bench/result-sentence';
import { stepWords } from '#core/bench/step-words';
import {
  benchRun,
  candidateResult,
  PP512,
  readSample,
  TG128,
  testResult,
  written,
} from '../../fixtures/bench/results';

it.each([
  [38.2, '38 tokens a second'],
  [4.16, '4.2 tokens a second'],
  [1, '1 token a second'],
  [0.4, '0.4 tokens a second'],
  [9.97, '10 tokens a second'],
  [1234.5, '1,235 tokens a second'],
])('%d is %s', (rate, words) => {
  expect(rateWords(rate)).toBe(words);
});

it('a mean and its deviation have as many digits as mean something', () => {
  expect(spreadText({ mean: 38.217, sd: 0.44 })).toBe('38.2 ± 0.4');
  expect(spreadText({ mean: 4.1234, sd: 0.0123 })).toBe('4.12 ± 0.01');
  expect(spreadText({ mean: 1234.56, sd: 7.9 })).toBe('1,235 ± 8');
  expect(spreadText({ mean: 38.217, sd: null })).toBe('38.2');
});

describe('a result', () => {
  const { bandwidth } = benchRun().machine;

  it('is said against what the memory allows', () => {
    // 12 GB/s by 97.5 MB are 123.08 tokens a second; 32 of them are 26 %.
    expect(resultSentence(candidateResult(), written(4000, 4000), bandwidth)).toBe(
      'Writes 32 tokens a second, 26 % of what this machine’s memory allows.',
    );
    // 128 in 800 ms are 160.
    expect(resultSentence(candidateResult(), written(800), bandwidth)).toBe(
      'Writes 160 tokens a second, more than this machine’s memory alone allows: part of the model stays in its caches.',
    );
  });

  it('is said alone where nobody knows the memory, or reading was measured', () => {
    expect(resultSentence(candidateResult(), written(4000), null)).toBe(
      'Writes 32 tokens a second.',
    );
    expect(resultSentence(candidateResult(), testResult(PP512, [readSample()]), bandwidth)).toBe(
      'Reads 256 tokens a second.',
    );
    expect(resultSentence(candidateResult(), testResult(TG128, []), bandwidth)).toBeNull();
  });

  it('names the ceiling’s parts', () => {
    const ceiling = { rate: 123.08, bandwidth: 12e9, bytes: 97_500_000, memory: 'wasm' as const };
    expect(ceilingSentence({ ...ceiling, threads: 2 })).toBe(
      'Memory gives 12 GB/s to 2 threads and a token takes 98 MB, so it can be 123 tokens a second at most.',
    );
    expect(ceilingSentence({ ...ceiling, threads: 1 })).toContain('to 1 thread and');
    const gpu = { ...ceiling, memory: 'gpu' as const };
    expect(ceilingSentence({ ...gpu, by: 'read' })).toContain(
      'to the graphics adapter (by reading) and',
    );
    expect(ceilingSentence({ ...gpu, by: 'copy' })).toContain(
      'to the graphics adapter (by a copy, which was faster than reading) and',
    );
    expect(ceilingWords(123.08, ceiling)).toBe('100 % of what this machine’s memory allows');
  });
});

it('a load is cold or warm, and says what disturbed it', () => {
  expect(loadLabel({ cold: true })).toBe('cold');
  expect(loadLabel({ cold: false })).toBe('warm');
  expect(loadLabel({ cold: true, disturbed: 'busy' })).toBe(
    'cold, disturbed each time: Paddock had other work',
  );
});

it('a candidate is its engine and where it runs', () => {
  const { candidate, info } = candidateResult();
  expect(candidateLabel({ candidate, info })).toBe('Paddock, on the CPU');
  const gpu = { ...candidate, engine: 'webllm', backend: 'webgpu' } as const;
  expect(candidateLabel({ candidate: gpu, info: null })).toBe('WebLLM, on WebGPU');
});

describe('a step', () => {
  const run = benchRun({ repetitions: 3 });
  it.each([
    [{ phase: 'probe' }, 'Measures this machine’s memory and clock'],
    [
      { phase: 'load', candidate: 0, repetition: 1 },
      'Loads: smollm2:135m, Paddock, on the CPU, 2 threads',
    ],
    [
      { phase: 'reference', candidate: 0 },
      'Writes the text to compare with, once for this model: smollm2:135m',
    ],
    [
      { phase: 'measure', candidate: 0, test: 1, repetition: 2 },
      'Measures tg128, 2 of 3: smollm2:135m, Paddock, on the CPU, 2 threads',
    ],
    [{ phase: 'wait', reason: 'paused' }, 'Paused'],
    [{ phase: 'wait', reason: 'hidden' }, 'Waits, since the tab was hidden'],
    [{ phase: 'cool' }, 'Pauses, since the machine became slower'],
  ] as const)('%j', (step, words) => {
    expect(stepWords(step, run)).toBe(words);
  });

  it('says how many threads are asked for before it is loaded, and on WebGPU none', () => {
    const of = (change: object) => {
      const { candidate } = candidateResult();
      const one = candidateResult({ candidate: { ...candidate, ...change }, info: null });
      return stepWords({ phase: 'load', candidate: 0 }, benchRun({ candidates: [one] }));
    };
    expect(of({ threads: 1 })).toBe('Loads: smollm2:135m, Paddock, on the CPU, 1 thread');
    expect(of({ threads: 0 })).toBe('Loads: smollm2:135m, Paddock, on the CPU');
    expect(of({ engine: 'wllama', backend: 'webgpu', threads: 4 })).toBe(
      'Loads: smollm2:135m, llama.cpp (wllama), on WebGPU',
    );
  });

  it('has words in every phase', () => {
    const phases = [
      'probe',
      'load',
      'reference',
      'warmup',
      'measure',
      'agreement',
      'cool',
      'wait',
    ] as const;
    const said = phases.map((phase) => stepWords({ phase }, run));
    expect(new Set(said).size).toBe(phases.length);
  });
});

describe('in German', () => {
  afterEach(() => speakBy(() => ENGLISH));

  it('figures and sentences are German', () => {
    speakBy(() => ({ tag: 'de', numbers: 'de-DE', dates: 'de-DE', catalogue }));
    expect(rateWords(4.16)).toBe('4,2 Tokens je Sekunde');
    expect(spreadText({ mean: 1234.56, sd: 7.9 })).toBe('1.235 ± 8');
    expect(loadLabel({ cold: true, disturbed: 'hidden' })).toBe(
      'kalt, jedes Mal gestört: Tab verborgen',
    );
    expect(stepWords({ phase: 'wait', reason: 'paused' }, benchRun())).toBe('Angehalten');
  });
});
