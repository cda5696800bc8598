/** Files with results: ours come back whole, another program's can be compared, and all others are refused in words. */
import { describe, expect, it } from 'vitest';
import { compareRuns } from '#core/bench/compare';
import { benchJson } from '#core/bench/export-json';
import { flagsOf } from '#core/bench/flags';
import { importRun, MOST_IMPORT } from '#core/bench/import';
import { candidateLabel } from '#core/bench/narrate';
import { ratesOf } from '#core/bench/rates';
import type { BenchRun } from '#core/bench/run';
import {
  benchRun,
  candidateResult,
  testResult,
  TG128,
  written,
  writeSample,
} from '../../fixtures/bench/results';

const ID = '5d7a1f0e-0000-4000-8000-000000000000';

function imported(text: string): BenchRun {
  const found = importRun(text, ID);
  if ('fault' in found) throw new Error(found.fault.sentence);
  return found.run;
}

function sentence(value: unknown): string {
  const found = importRun(typeof value === 'string' ? value : JSON.stringify(value), ID);
  if (!('fault' in found)) throw new Error('it was read');
  expect(found.fault.remedy).toMatch(/^[A-Z].*\.$/);
  return found.fault.sentence;
}

/** A run with one place changed, in JSON: `candidates.0.candidate.model`. */
function changed(path: string, value: unknown): unknown {
  const run = JSON.parse(JSON.stringify(benchRun())) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const place = keys.reduce((at, key) => at[key] as Record<string, unknown>, run);
  place[last] = value;
  return run;
}

describe('a run of ours', () => {
  it('comes back as it was exported', () => {
    expect(imported(benchJson(benchRun()))).toEqual(benchRun());
  });

  it('comes back from the longest run that the page can ask for', () => {
    const test = (tokens: number) => ({ kind: 'tg', tokens, depth: 0 }) as const;
    const samples = Array.from({ length: 100 }, () =>
      writeSample({ laterMs: 4000.123456789, endMs: 4100.123456789 }),
    );
    const tests = [16, 128, 4096].map((tokens) => testResult(test(tokens), samples));
    const candidates = new Array<BenchRun['candidates'][0]>(32).fill(candidateResult({ tests }));
    const run = benchRun({ candidates });
    expect(imported(benchJson(run))).toEqual(run);
  });

  it('comes back with everything that it may have', () => {
    const { info } = candidateResult();
    const run = benchRun({
      finished: null,
      set: 'custom',
      interleaved: false,
      machine: {
        ...benchRun().machine,
        adapter: 'NVIDIA H100',
        bandwidth: { wasm: [], gpu: { adapter: 'NVIDIA H100', read: 2e12, copy: 1.5e12 } },
      },
      candidates: [
        candidateResult({
          info: {
            ...info!,
            backend: 'webgpu',
            adapter: 'NVIDIA H100',
            refused: { engine: 'paddock', reason: 'its architecture is "gemma3"' },
            dropped: ['attend f16', 'matvec Q4_0'],
            times: { read: 1, upload: 2, compile: 3 },
          },
          tests: [
            {
              ...testResult(TG128, [writeSample({ submits: 774 })]),
              redone: ['hidden', 'clock'],
              abandoned: ['busy'],
            },
          ],
          loads: [{ ...candidateResult().loads[0]!, disturbed: 'hidden' }],
          agreement: { state: 'unverified', reason: 'There is no reference.' },
          proof: null,
          error: {
            code: 'device_lost',
            message: 'It was lost.',
            detail: { times: 2, twin: 'a', x: true },
          },
        }),
        candidateResult({
          agreement: {
            ...{ state: 'differs', agreed: 6, of: 8, reference: 'llama.cpp on the CPU' },
            misses: [
              { at: 3, expected: 105, got: 7 },
              { at: 7, expected: 0, got: null },
            ],
          },
        }),
        candidateResult({
          model: null,
          info: null,
          bytesPerToken: null,
          loads: [],
          tests: [],
          agreement: null,
        }),
      ],
    });
    expect(imported(benchJson(run))).toEqual(run);
  });

  it('is read by itself too, and without what it has no place for', () => {
    const strange = { ...benchRun(), extra: { deep: [1] } };
    expect(imported(JSON.stringify(strange))).toEqual(benchRun());
  });

  it('of a later version is refused, and one without a version', () => {
    expect(sentence(changed('version', 2))).toContain('A newer Paddock');
    expect(sentence([{ paddock: changed('version', 7) }])).toContain('A newer Paddock');
    for (const version of ['2', 0, -1, 1.5, null]) {
      expect(sentence(changed('version', version))).toContain('no result that can be read');
    }
    expect(sentence([{ paddock: {} }])).toContain('no result that can be read');
  });
});

describe('what is malformed', () => {
  it.each<[string, unknown, string]>([
    ['id', 'x', 'id is no UUID'],
    ['started', 'yesterday', 'started is no time'],
    ['started', '2026-13-45T00:00:00Z', 'started is no time'],
    ['set', 'huge', 'set is none of quick, standard, depth, ollama, custom'],
    ['interleaved', 1, 'interleaved is neither true nor false'],
    ['tests', {}, 'tests is no list'],
    ['repetitions', -1, 'repetitions is not between 0 and 1000'],
    ['machine', null, 'machine is no object'],
    ['machine.clockMs', 'fine', 'machine.clockMs is no number'],
    ['machine.bandwidth.wasm', 3, 'machine.bandwidth.wasm is no list'],
    ['candidates.0', [], 'candidates[0] is no object'],
    ['candidates.0.candidate.engine', 'toString', 'candidates[0].candidate.engine is none of'],
    ['candidates.0.candidate.threads', 1.5, 'candidates[0].candidate.threads is no whole number'],
    [
      'candidates.0.tests.0.test.kind',
      'xx',
      'candidates[0].tests[0].test.kind is none of pp, tg, chat',
    ],
    [
      'candidates.0.tests.0.samples.1.laterMs',
      null,
      'candidates[0].tests[0].samples[1].laterMs is no number',
    ],
    ['candidates.0.tests.0.samples.1.tokens', 1e300, 'tokens is not between 0 and 100000000'],
    ['candidates.0.tests.0.redone', ['late'], 'candidates[0].tests[0].redone.0 is none of hidden'],
    ['candidates.0.proof', 'sure', 'candidates[0].proof is none of proven'],
    ['candidates.0.error', { code: 7 }, 'candidates[0].error.code is no text'],
  ])('%s: %j', (path, value, why) => {
    expect(sentence(changed(path, value))).toContain(why);
  });

  it.each(['', '{', 'null', '7', '"x"', '[]', '{}', '[[]]', '[null]'])('%j', (text) => {
    expect(sentence(text)).toMatch(/^This file (is no JSON|holds no result)/);
  });

  it('is told of a missing field that it is missing', () => {
    const run: Record<string, unknown> = { ...benchRun() };
    delete run.machine;
    expect(sentence(run)).toContain('machine is no object');
    delete run.tests;
    expect(sentence(run)).toContain('tests is missing');
  });
});

describe('what is hostile', () => {
  it('is no longer than ten megabytes, counted in bytes', () => {
    expect(sentence(' '.repeat(MOST_IMPORT + 1))).toContain('more than 10 MB');
    expect(sentence(JSON.stringify('ä'.repeat(MOST_IMPORT / 2)))).toContain('more than 10 MB');
    const padded = JSON.stringify(benchRun());
    expect(imported(padded + ' '.repeat(MOST_IMPORT - padded.length))).toEqual(benchRun());
  });

  it.each<[string, unknown, string]>([
    [
      'candidates',
      new Array(65).fill(candidateResult({ tests: [] })),
      'candidates has more than 64',
    ],
    [
      'candidates.0.tests.0.samples',
      new Array(101).fill(writeSample()),
      'samples has more than 100',
    ],
    ['candidates.0.candidate.model', 'x'.repeat(201), 'model has more than 200 characters'],
    ['candidates.0.candidate.model', 'a\u202egpj.exe', 'model has characters that cannot be seen'],
    ['machine.browser', 'a\u0000b', 'browser has characters that cannot be seen'],
  ])('%s is bounded', (path, value, why) => {
    expect(sentence(changed(path, value))).toContain(why);
  });

  it('has no test and no number of threads twice, by which the page tells them apart', () => {
    const { tests, machine } = benchRun();
    const [tested] = candidateResult().tests;
    expect(sentence(changed('tests', [tests[0], tests[0]]))).toContain('tests has pp512 twice');
    expect(sentence(changed('candidates.0.tests', [tested, tested]))).toContain('pp512 twice');
    const chat = (tokens: number) => ({ kind: 'chat', tokens, depth: 0 });
    expect(sentence(changed('tests', [chat(1), chat(2)]))).toContain('tests has chat twice');
    const [memory] = machine.bandwidth!.wasm;
    const wasm = [memory, { ...memory, read: 1 }];
    expect(sentence(changed('machine.bandwidth.wasm', wasm))).toContain('wasm has 1 threads twice');
  });

  it('makes no rate beyond what can be printed, however short it says to have taken', () => {
    const samples = [writeSample({ laterMs: 5e-324 }), writeSample({ laterMs: 1e-12 })];
    const tests = [testResult(TG128, samples)];
    const run = imported(JSON.stringify(changed('candidates.0.tests', tests)));
    expect(ratesOf(run.candidates[0]!.tests[0]!)).toEqual([]);
  });

  it('cannot reach a prototype', () => {
    const text = JSON.stringify(benchRun()).replace(
      '"machine":{',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"machine":{"__proto__":{"polluted":1},',
    );
    const run = imported(text);
    expect(run).toEqual(benchRun());
    expect(Object.getPrototypeOf(run)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    // What only a prototype has is missing.
    expect(sentence('[{"__proto__":{"paddock":{}}}]')).toContain('n_prompt is missing');
    const inherited = '{"version":1,"__proto__":{"id":"0b1c3f9a-3c58-4a0e-9d9a-6f1c4d1e2a3b"}}';
    expect(sentence(inherited)).toContain('id is missing');
  });

  it('keeps of an error only plain names, and a code that is known', () => {
    const error = {
      code: 'made_up',
      message: 'x',
      detail: { ok: 1, 'a b': 2, __proto: 3, list: [4] },
    };
    const [result] = imported(JSON.stringify(changed('candidates.0.error', error))).candidates;
    expect(result?.error).toEqual({ code: 'internal', message: 'x', detail: { ok: 1 } });
  });
});

describe('what llama-bench printed', () => {
  const row = (change: object = {}) => ({
    build_commit: 'abc1234',
    build_number: 4567,
    cpu_info: 'AMD Ryzen 9',
    gpu_info: '',
    backends: 'CPU',
    model_filename: '/models/SmolLM2-135M-Instruct-Q4_0.gguf',
    model_type: 'llama ?B Q4_0',
    model_size: 96_800_000,
    model_n_params: 134_515_008,
    n_batch: 2048,
    n_threads: 8,
    n_gpu_layers: 99,
    n_prompt: 0,
    n_gen: 128,
    n_depth: 0,
    test_time: '2026-11-21T10:00:00Z',
    avg_ns: 1_000_000_000,
    stddev_ns: 0,
    avg_ts: 128,
    stddev_ts: 0,
    samples_ns: [1_000_000_000, 2_000_000_000],
    samples_ts: [128, 64],
    ...change,
  });

  it('is a run with its rates, and nothing to flag that is not known', () => {
    const prompt = row({ n_prompt: 512, n_gen: 0, samples_ns: [500_000_000, 500_000_000] });
    const run = imported(JSON.stringify([row(), prompt]));
    expect(run).toMatchObject({ id: ID, origin: 'llama-bench', repetitions: 2, set: 'custom' });
    expect(run.machine).toMatchObject({ browser: 'AMD Ryzen 9', build: 'llama.cpp abc1234' });
    const [result, ...others] = run.candidates;
    expect(others).toEqual([]);
    expect(result?.tests.map(ratesOf)).toEqual([
      [128, 64],
      [1024, 1024], // 512 in half a second
    ]);
    expect(result?.model).toMatchObject({ parameters: '134.52M', quantization: 'Q4_0' });
    expect(result?.candidate.model).toBe('SmolLM2-135M-Instruct-Q4_0.gguf');
    expect(candidateLabel(result!)).toBe('llama.cpp (CPU)');
    const names = flagsOf(result!.tests[1]!, { ...result!, clockMs: run.machine.clockMs });
    expect(names).toEqual([]);
  });

  it('can be compared, exported and read again', () => {
    const run = imported(JSON.stringify([row({ samples_ns: [4e9, 4e9] })]));
    const mine = benchRun({ candidates: [candidateResult({ tests: [written(2000, 2000)] })] });
    expect(compareRuns(run, mine)).toMatchObject([{ sure: false, tests: [{ verdict: 'faster' }] }]);
    expect(imported(benchJson(run))).toEqual(run);
  });

  it('has a candidate for each model, backend and number of threads', () => {
    const gpu = row({ backends: 'CUDA', gpu_info: 'NVIDIA GeForce RTX 3060' });
    const run = imported(
      JSON.stringify([
        row(),
        gpu,
        { ...gpu, n_gpu_layers: 0 },
        row({ n_threads: 4 }),
        row({ n_gen: 64 }),
      ]),
    );
    expect(run.candidates.map(candidateLabel)).toEqual([
      'llama.cpp (CPU)',
      'llama.cpp (CUDA)',
      'llama.cpp (CPU)',
      'llama.cpp (CPU)',
    ]);
    expect(run.candidates[1]).toMatchObject({
      candidate: { backend: 'webgpu' },
      info: { adapter: 'NVIDIA GeForce RTX 3060' },
    });
    expect(run.candidates[0]?.tests).toHaveLength(2);
  });

  it('leaves out what reads and writes at once, and is refused where that is all', () => {
    const both = row({ n_prompt: 512 });
    expect(imported(JSON.stringify([both, row()])).tests).toHaveLength(1);
    expect(sentence([both])).toContain('no result of reading or writing alone');
  });

  it('has no rate of a part of a nanosecond', () => {
    const run = imported(JSON.stringify([row({ samples_ns: [1e-300, 1e9] })]));
    expect(ratesOf(run.candidates[0]!.tests[0]!)).toEqual([128]);
  });

  it.each<[object, string]>([
    [{ samples_ns: [] }, 'a result has no samples_ns'],
    [{ samples_ns: ['1'] }, '[0].samples_ns.0 is no number'],
    [{ samples_ns: new Array(101).fill(1) }, 'samples_ns has more than 100'],
    [{ model_size: -1 }, '[0].model_size is not between'],
    [{ model_type: 7 }, '[0].model_type is no text'],
    [{ test_time: 'x' }, '[0].test_time is no time'],
  ])('%j is refused', (change, why) => {
    expect(sentence([row(change)])).toContain(why);
  });

  it('has at most 1,000 rows and 64 candidates', () => {
    expect(sentence(new Array(1001).fill({}))).toContain('more than 1000 results');
    const many = Array.from({ length: 65 }, (_, at) =>
      row({ n_threads: at + 1, samples_ns: [1e9] }),
    );
    expect(sentence(many)).toContain('more than 64');
  });
});
