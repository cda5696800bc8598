/** Results as files: llama-bench's names, and nothing that another program would execute or misread. */
import { afterEach, describe, expect, it } from 'vitest';
import { benchCsv } from '#core/bench/export-csv';
import { benchJson } from '#core/bench/export-json';
import { benchMarkdown } from '#core/bench/export-markdown';
import { llamaBenchRows } from '#core/bench/llama-bench';
import { ENGLISH, speakBy } from '#core/language';
import { catalogue } from '#core/messages/de.late';
import {
  benchRun,
  candidateResult,
  PP512,
  readSample,
  testResult,
  written,
  writeSample,
} from '../../fixtures/bench/results';

/** 512 tokens in 2 and in 1.6 s: 256 and 320 a second; 128 in 4 and in 3.2 s: 32 and 40. */
const RUN = benchRun({
  candidates: [
    candidateResult({
      tests: [
        testResult(PP512, [
          readSample({ startedMs: 1500 }),
          readSample({ firstTokenMs: 1600, promptMs: 1590 }),
        ]),
        written(4000, 3200),
      ],
    }),
  ],
});

describe('llama-bench’s rows', () => {
  it('have the figures of a prompt, worked out by hand', () => {
    const [row] = llamaBenchRows(RUN);
    expect(row).toMatchObject({
      build_commit: '0.1.0',
      backends: 'CPU',
      model_filename: 'smollm2:135m',
      model_type: 'llama 134.52M Q4_0',
      model_size: 98_362_432,
      model_n_params: 134_520_000,
      n_threads: 2,
      n_gpu_layers: 0,
      n_prompt: 512,
      n_gen: 0,
      n_depth: 0,
      test_time: '2026-11-22T06:00:01.500Z',
      samples_ns: [2_000_000_000, 1_600_000_000],
      avg_ns: 1_800_000_000,
      stddev_ns: 282_842_712, // 200 ms · √2
      samples_ts: [256, 320],
      avg_ts: 288,
    });
    expect(row?.stddev_ts).toBeCloseTo(45.254834, 6); // 32 · √2
  });

  it('have the figures of a reply, and what is wrong with them', () => {
    const [, row] = llamaBenchRows(RUN);
    expect(row).toMatchObject({ n_prompt: 0, n_gen: 128, test: 'tg128', avg_ts: 36 });
    expect(row).toMatchObject({ samples_ts: [32, 40], flags: ['spread'], struck_out: false });
    expect(row).toMatchObject({ agreed: 128, agreed_of: 128, backend_proof: 'proven' });
  });

  it('have what memory allows a reply, and how much of it was reached', () => {
    const [prompt, reply] = llamaBenchRows(RUN);
    // Beside 96 MB of weights 64 tokens of a cache of 24 MB for 1,024: 97.5 MB, at 12 GB/s.
    expect(reply).toMatchObject({ bytes_per_token: 97_500_000 });
    expect(reply?.ceiling_ts).toBeCloseTo(123.0769, 4);
    expect(reply?.ceiling_percent).toBeCloseTo(29.25, 6); // 36 a second, the median
    const none = { bytes_per_token: null, ceiling_ts: null, ceiling_percent: null };
    expect(prompt).toMatchObject(none);
    const machine = { ...RUN.machine, bandwidth: null };
    expect(llamaBenchRows({ ...RUN, machine })[1]).toMatchObject(none);
    expect(benchCsv(RUN)).toContain(',"ceiling_ts","ceiling_percent",');
  });

  it('have the time of as many tokens as they name, of which the runner leaves some out', () => {
    // 127 tokens in 3.175 s are 40 a second, and 128 at that rate take 3.2 s.
    const tg = written(3175);
    const samples = tg.samples.map((sample) => ({ ...sample, laterTokens: 127 }));
    const tests = [{ ...tg, samples }];
    const [row] = llamaBenchRows(benchRun({ candidates: [candidateResult({ tests })] }));
    expect(row).toMatchObject({ n_gen: 128, samples_ts: [40], samples_ns: [3_200_000_000] });
  });

  it('have a chat’s timed tokens, and the adapter of what ran on it', () => {
    const { info } = candidateResult();
    const chat = testResult({ kind: 'chat', tokens: 512, depth: 0 }, [
      writeSample({ promptTokens: 33, tokens: 91, evalTokens: 91, laterTokens: 90, laterMs: 3000 }),
    ]);
    const [row] = llamaBenchRows(
      benchRun({
        candidates: [
          candidateResult({
            candidate: { model: 'x', engine: 'webllm', backend: 'webgpu', threads: 0 },
            info: { ...info!, engine: 'webllm', backend: 'webgpu', adapter: 'NVIDIA H100' },
            tests: [chat],
          }),
        ],
      }),
    );
    expect(row).toMatchObject({ test: 'chat', n_gen: 90, avg_ts: 30, stddev_ts: 0 });
    expect(row).toMatchObject({ backends: 'WebGPU', gpu_info: 'NVIDIA H100', n_gpu_layers: -1 });
  });

  it('leave out a test without a number', () => {
    const none = candidateResult({ tests: [testResult(PP512, [])] });
    expect(llamaBenchRows(benchRun({ candidates: [none] }))).toEqual([]);
  });
});

describe('JSON', () => {
  it('is a list of rows whose first has the whole run', () => {
    const rows = JSON.parse(benchJson(RUN)) as Record<string, unknown>[];
    expect(rows).toHaveLength(2);
    expect(rows[0]?.paddock).toEqual(RUN);
    expect(rows[1]).toMatchObject({ test: 'tg128' });
    expect(rows[1]).not.toHaveProperty('paddock');
  });

  it('has the run where there is no number', () => {
    const failed = benchRun({ candidates: [] });
    expect(JSON.parse(benchJson(failed))).toEqual([{ paddock: failed }]);
  });

  it('cuts what no import would take: long messages, and characters that cannot be seen', () => {
    const error = { code: 'engine_failed' as const, message: `a\nb${'x'.repeat(2000)}` };
    const text = benchJson(benchRun({ candidates: [candidateResult({ error })] }));
    const [row] = JSON.parse(text) as {
      paddock: { candidates: { error: { message: string } }[] };
    }[];
    const { message } = row!.paddock.candidates[0]!.error;
    expect(message).toHaveLength(1000);
    expect(message.startsWith('a bxxx')).toBe(true);
  });
});

describe('CSV', () => {
  it('is RFC 4180: a line of names, a line a test, each ended by CR and LF', () => {
    const lines = benchCsv(RUN).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('');
    expect(lines[0]).toMatch(/^"model_filename","model_type","model_size"/);
    expect(lines[1]).toMatch(
      /^"smollm2:135m","llama 134\.52M Q4_0",98362432,134520000,"paddock","CPU",2,0,"pp512",512,0,0,288,/,
    );
    const columns = lines[0]!.split(',').length;
    expect(lines[2]!.replace(/"[^"]*"/g, '').split(',')).toHaveLength(columns);
  });

  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['  =1', `"'  =1"`],
    ['＝1', `"'＝1"`],
    ['a,b "c"', `"a,b ""c"""`],
    ['plain=1', `"plain=1"`],
    ['a;=1', `"a;'=1"`],
    ['a; "=1', `"a;' ""=1"`],
    ['a;b-1', `"a;b-1"`],
  ])('%j as a model’s name is %s', (model, cell) => {
    const candidate = { ...candidateResult().candidate, model };
    const csv = benchCsv(benchRun({ candidates: [candidateResult({ candidate })] }));
    expect(csv.split('\r\n')[1]!.startsWith(`${cell},`)).toBe(true);
  });
});

describe('Markdown', () => {
  it('is llama-bench’s table, with the machine', () => {
    expect(benchMarkdown(RUN).split('\n')).toEqual([
      '| model             |  size |  params | engine              | threads |  test |            t/s |',
      '| ----------------- | ----: | ------: | ------------------- | ------: | ----: | -------------: |',
      '| smollm2:135m Q4_0 | 98 MB | 134.52M | Paddock, on the CPU |       2 | pp512 | 288.00 ± 45.25 |',
      '| smollm2:135m Q4_0 | 98 MB | 134.52M | Paddock, on the CPU |       2 | tg128 |   36.00 ± 5.66 |',
      '',
      '- smollm2:135m, Paddock, on the CPU, pp512: The repetitions differ by 16 % (coefficient of variation), since something else used this machine.',
      // The middle of 32 and 40, of 123.
      '- smollm2:135m, Paddock, on the CPU, tg128: Writes 36 tokens a second, 29 % of what this machine’s memory allows.',
      '- smollm2:135m, Paddock, on the CPU, tg128: The repetitions differ by 16 % (coefficient of variation), since something else used this machine.',
      '',
      'build: 0.1.0, Chromium 156 on Linux, 2 cores, 2026-11-22',
      '',
    ]);
  });

  it('strikes out what says nothing', () => {
    const wrong = candidateResult({ proof: 'disproven', tests: [written(4000, 4000)] });
    const text = benchMarkdown(benchRun({ candidates: [wrong] }));
    expect(text).toContain('| ~~32.00 ± 0.00~~ |');
    expect(text).toContain('Another backend did the work');
  });

  it('reads no name as more than text', () => {
    const candidate = { ...candidateResult().candidate, model: 'a|b\n<img src=x> [l](u) `c`' };
    const text = benchMarkdown(benchRun({ candidates: [candidateResult({ candidate })] }));
    expect(text).toContain('a\\|b \\<img src=x\\> \\[l\\](u) \\`c\\`');
  });
});

describe('in a page that speaks another language', () => {
  afterEach(() => speakBy(() => ENGLISH));

  it.each([
    ['JSON', benchJson],
    ['CSV', benchCsv],
    ['Markdown', benchMarkdown],
  ])('%s is English', (_, write) => {
    const english = write(RUN);
    speakBy(() => ({ tag: 'de', numbers: 'de-DE', dates: 'de-DE', catalogue }));
    expect(write(RUN)).toBe(english);
  });
});
