/** What llama-bench printed on another machine (`-o json`), as a run that can be compared with. */
import { Fields } from '#core/bench/fields';
import type { BenchRun, BenchTest, CandidateResult, Sample, TestResult } from '#core/bench/run';
import { sameTest } from '#core/bench/sets';
import type { Backend } from '#core/engine';
import { PaddockError } from '#core/errors';
import { parameterSize } from '#core/gguf';

const MOST_ROWS = 1000;
const MOST_CANDIDATES = 64;
const MOST_SAMPLES = 100;
const TOKENS = 1e8;
/** Nanoseconds. */
const NS = 1e15;

interface Row {
  key: string;
  build: string;
  cpu: string;
  time: string;
  result: Omit<CandidateResult, 'tests'>;
  tested: TestResult;
}

/**
 * Rows of a prompt alone or of a reply alone; others measure both at once and are left out.
 * @throws PaddockError `bad_request`, naming the field
 */
export function readLlamaBench(value: unknown, id: string): BenchRun {
  if (!Array.isArray(value)) throw new PaddockError('bad_request', 'it is no list of results');
  if (value.length > MOST_ROWS) {
    throw new PaddockError('bad_request', `it has more than ${MOST_ROWS} results`);
  }
  const rows = value.flatMap((row: unknown, at) => readRow(new Fields(row, `[${at}]`)) ?? []);
  const [first] = rows;
  if (!first) throw new PaddockError('bad_request', 'it has no result of reading or writing alone');
  const candidates = gather(rows);
  if (candidates.length > MOST_CANDIDATES) {
    throw new PaddockError(
      'bad_request',
      `it has more than ${MOST_CANDIDATES} models and settings`,
    );
  }
  return runOf(id, first, candidates);
}

/** A test that comes again differs in a setting that we have no word for: it is another candidate's. */
function gather(rows: readonly Row[]): CandidateResult[] {
  const found: { key: string; result: CandidateResult }[] = [];
  for (const { key, result, tested } of rows) {
    const known = found.find(
      (one) => one.key === key && !one.result.tests.some(({ test }) => sameTest(test, tested.test)),
    );
    if (known) known.result.tests.push(tested);
    else found.push({ key, result: { ...result, tests: [tested] } });
  }
  return found.map(({ result }) => result);
}

function runOf(id: string, { build, cpu, time }: Row, candidates: CandidateResult[]): BenchRun {
  const all = candidates.flatMap(({ tests }) => tests);
  return {
    version: 1,
    id,
    started: time,
    finished: time,
    set: 'custom',
    tests: all
      .map(({ test }) => test)
      .filter((test, at, tests) => tests.findIndex((other) => sameTest(other, test)) === at),
    repetitions: Math.max(...all.map(({ samples }) => samples.length)),
    interleaved: false,
    origin: 'llama-bench',
    machine: {
      browser: cpu,
      cores: 0,
      isolated: false,
      adapter: candidates.map(({ info }) => info?.adapter).find(Boolean) ?? null,
      clockMs: 0,
      bandwidth: null,
      build: `llama.cpp ${build}`,
    },
    candidates,
  };
}

function readRow(row: Fields): Row | null {
  const prompt = row.count('n_prompt', TOKENS);
  const reply = row.count('n_gen', TOKENS);
  if (prompt > 0 === reply > 0) return null;
  const depth = row.has('n_depth') ? row.count('n_depth', TOKENS) : 0;
  const test: BenchTest = { kind: prompt > 0 ? 'pp' : 'tg', tokens: prompt || reply, depth };
  const samples = row
    .numbers('samples_ns', MOST_SAMPLES, NS)
    .map((ns) => sampleOf(test, Math.round(ns) / 1e6));
  if (samples.length === 0) throw new PaddockError('bad_request', 'a result has no samples_ns');
  const result = readModel(row);
  const { candidate, model, info } = result;
  return {
    key: JSON.stringify([candidate, model, info?.engine]),
    build: row.text('build_commit'),
    cpu: row.text('cpu_info'),
    time: row.time('test_time'),
    result,
    tested: { test, samples, redone: [], abandoned: [] },
  };
}

function readModel(row: Fields): Omit<CandidateResult, 'tests'> {
  const backends = row.text('backends');
  const gpu = row.text('gpu_info');
  const threads = row.count('n_threads', 1024);
  // What is not the CPU stands beside our WebGPU: both are a graphics adapter's.
  const onCpu = gpu === '' || Number(row.raw('n_gpu_layers')) === 0;
  const backend: Backend = onCpu ? 'wasm' : 'webgpu';
  const type = row.text('model_type');
  const path = row.text('model_filename', 1000);
  return {
    candidate: {
      model: path.split(/[\\/]/).at(-1)!.slice(0, 200),
      engine: 'wllama',
      backend,
      threads,
    },
    model: {
      digest: '',
      size: row.number('model_size', 1e15),
      format: 'gguf',
      family: type.split(' ')[0]!,
      parameters: parameterSize(row.count('model_n_params', 1e15)),
      quantization: type.split(' ').slice(2).join(' '),
    },
    info: {
      engine: `llama.cpp (${onCpu ? 'CPU' : backends})`,
      backend,
      ...(!onCpu && { adapter: gpu }),
      threads,
      contextLength: 0,
      contextTrained: 0,
      capabilities: [],
      bytes: { weights: 0, cache: 0 },
    },
    bytesPerToken: null,
    loads: [],
    agreement: null,
    proof: null,
    error: null,
  };
}

/** llama-bench has one span a repetition, by one clock; what it does not say is 0. */
function sampleOf({ kind, tokens, depth }: BenchTest, ms: number): Sample {
  const read = kind === 'pp';
  const made = read ? 1 : tokens + 1;
  return {
    promptTokens: depth + (read ? tokens : 1),
    cachedTokens: depth,
    firstTokenMs: read ? ms : 0,
    tokens: made,
    evalTokens: made,
    laterTokens: read ? 0 : tokens,
    laterMs: read ? 0 : ms,
    promptMs: 0,
    evalMs: 0,
    submits: null,
    startedMs: 0,
  };
}
