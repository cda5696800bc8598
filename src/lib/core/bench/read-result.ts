/** One candidate's result out of a stranger's JSON. All throw PaddockError `bad_request`, naming the field. */
import { AGREEMENT_TOKENS } from '#core/bench/agreement';
import { Fields } from '#core/bench/fields';
import type {
  Agreement,
  BenchTest,
  Candidate,
  CandidateResult,
  LoadSplit,
  Miss,
  RedoReason,
  Sample,
  TestResult,
} from '#core/bench/run';
import { testName } from '#core/bench/sets';
import type { Capability, EngineInfo } from '#core/engine';
import { isNoWebGpuReason } from '#core/engine-words';
import { isErrorCode } from '#core/error-codes';
import type { ErrorDetail, WireError } from '#core/errors';

/** The most that each may be: milliseconds, tokens, bytes, bytes a second. */
const MS = 1e9;
const TOKENS = 1e8;
const BYTES = 1e15;
export const RATE = 1e15;

const MOST_SAMPLES = 100;
/** Each repetition is measured again three times at most, and after a rest once more, again so often. */
const MOST_REDONE = 7 * MOST_SAMPLES;
/** Characters of a message. */
export const MOST_MESSAGE = 1000;
/** Those that an adapter refused. */
const MOST_SHADERS = 1000;
const BACKENDS = ['webgpu', 'wasm'] as const;
const REASONS: readonly RedoReason[] = [
  'hidden',
  'busy',
  'throttled',
  'cached',
  'clock',
  'lost',
  'time',
];
/** A table, so that one that is forgotten here does not compile. */
const CAPABILITIES: Record<Capability, true> = {
  completion: true,
  chat: true,
  embedding: true,
  vision: true,
  tools: true,
  thinking: true,
  insert: true,
  format: true,
  logprobs: true,
};

export function readTest(test: Fields): BenchTest {
  return {
    kind: test.oneOf('kind', ['pp', 'tg', 'chat']),
    tokens: test.count('tokens', TOKENS),
    depth: test.count('depth', TOKENS),
  };
}

export function readCandidate(candidate: Fields): Candidate {
  return {
    model: candidate.text('model'),
    engine: candidate.oneOf('engine', ['paddock', 'wllama', 'webllm', 'fake']),
    backend: candidate.oneOf('backend', BACKENDS),
    threads: candidate.count('threads', 1024),
  };
}

export function readCandidateResult(result: Fields): CandidateResult {
  return {
    candidate: result.object('candidate', readCandidate),
    model: result.orNull('model', () =>
      result.object('model', (model) => ({
        digest: model.text('digest'),
        size: model.number('size', BYTES),
        format: model.text('format'),
        family: model.text('family'),
        parameters: model.text('parameters'),
        quantization: model.text('quantization'),
      })),
    ),
    info: result.orNull('info', () => result.object('info', readInfo)),
    bytesPerToken: result.orNull('bytesPerToken', (key) => result.number(key, BYTES)),
    loads: result.list('loads', MOST_SAMPLES, readLoad),
    tests: result.distinct('tests', MOST_SAMPLES, readTestResult, ({ test }) => testName(test)),
    agreement: result.orNull('agreement', () => result.object('agreement', readAgreement)),
    proof: result.orNull('proof', (key) =>
      result.oneOf(key, ['proven', 'disproven', 'unproven'] as const),
    ),
    error: result.orNull('error', () => result.object('error', readError)),
  };
}

function readTestResult(result: Fields): TestResult {
  return {
    test: result.object('test', readTest),
    samples: result.list('samples', MOST_SAMPLES, readSample),
    redone: result.words('redone', MOST_REDONE, REASONS),
    abandoned: result.words('abandoned', MOST_SAMPLES, REASONS),
  };
}

/** Less than a nanosecond is no time that a clock saw, and makes rates that nobody can print. */
function span(sample: Fields, key: string): number {
  const ms = sample.number(key, MS);
  return ms < 1e-6 ? 0 : ms;
}

function readSample(sample: Fields): Sample {
  return {
    promptTokens: sample.count('promptTokens', TOKENS),
    cachedTokens: sample.count('cachedTokens', TOKENS),
    firstTokenMs: span(sample, 'firstTokenMs'),
    tokens: sample.count('tokens', TOKENS),
    evalTokens: sample.count('evalTokens', TOKENS),
    laterTokens: sample.count('laterTokens', TOKENS),
    laterMs: span(sample, 'laterMs'),
    ...sample.ifThere('endMs', (key) => span(sample, key)),
    promptMs: span(sample, 'promptMs'),
    evalMs: span(sample, 'evalMs'),
    submits: sample.orNull('submits', (key) => sample.count(key, 1e9)),
    startedMs: sample.number('startedMs', MS),
  };
}

function readLoad(load: Fields): LoadSplit {
  const ms = (key: string) => load.orNull(key, () => load.number(key, MS));
  return {
    cold: load.flag('cold'),
    totalMs: load.number('totalMs', MS),
    engineMs: ms('engineMs'),
    readMs: ms('readMs'),
    uploadMs: ms('uploadMs'),
    compileMs: ms('compileMs'),
    firstTokenMs: ms('firstTokenMs'),
    ...load.ifThere('disturbed', (key) => load.oneOf(key, REASONS)),
  };
}

function readAgreement(agreement: Fields): Agreement {
  const state = agreement.oneOf('state', ['agrees', 'differs', 'unverified'] as const);
  if (state === 'unverified') return { state, reason: agreement.text('reason', MOST_MESSAGE) };
  return {
    state,
    agreed: agreement.count('agreed', TOKENS),
    of: agreement.count('of', TOKENS),
    reference: agreement.text('reference'),
    ...agreement.ifThere('misses', (key) => agreement.list(key, AGREEMENT_TOKENS, readMiss)),
  };
}

function readMiss(miss: Fields): Miss {
  return {
    at: miss.count('at', TOKENS),
    expected: miss.count('expected', TOKENS),
    got: miss.orNull('got', (key) => miss.count(key, TOKENS)),
  };
}

function readInfo(info: Fields): EngineInfo {
  const noWebGpu = info.raw('noWebGpu');
  return {
    engine: info.text('engine'),
    backend: info.oneOf('backend', BACKENDS),
    ...info.ifThere('adapter', (key) => info.text(key)),
    ...(isNoWebGpuReason(noWebGpu) && { noWebGpu }),
    ...info.ifThere('refused', (key) =>
      info.object(key, (refused) => ({
        engine: refused.text('engine'),
        reason: refused.text('reason', MOST_MESSAGE),
      })),
    ),
    ...info.ifThere('dropped', (key) => info.texts(key, MOST_SHADERS)),
    threads: info.count('threads', 1024),
    contextLength: info.count('contextLength', TOKENS),
    contextTrained: info.count('contextTrained', TOKENS),
    capabilities: info.words('capabilities', 20, Object.keys(CAPABILITIES) as Capability[]),
    bytes: info.object('bytes', (bytes) => ({
      weights: bytes.number('weights', BYTES),
      cache: bytes.number('cache', BYTES),
      ...bytes.ifThere('compute', (key) => bytes.number(key, BYTES)),
    })),
    ...info.ifThere('times', (key) =>
      info.object(key, (times) => ({
        ...times.ifThere('read', (phase) => times.number(phase, MS)),
        ...times.ifThere('upload', (phase) => times.number(phase, MS)),
        ...times.ifThere('compile', (phase) => times.number(phase, MS)),
      })),
    ),
  };
}

/** A code that a later build made is `internal` here: its message tells. */
function readError(error: Fields): WireError {
  const code = error.text('code');
  return {
    code: isErrorCode(code) ? code : 'internal',
    message: error.text('message', MOST_MESSAGE),
    ...error.ifThere('detail', (key) => error.object(key, readDetail)),
  };
}

/** Figures of a sentence: short texts, numbers and truths under plain names. */
function readDetail(detail: Fields): ErrorDetail {
  const plain = detail.keys().filter((key) => /^[a-z][a-zA-Z_]{0,39}$/.test(key));
  const found: ErrorDetail = {};
  for (const key of plain.slice(0, 20)) {
    const value = detail.raw(key);
    if (typeof value === 'string') found[key] = detail.text(key, MOST_MESSAGE);
    if (typeof value === 'boolean') found[key] = value;
    if (typeof value === 'number' && Number.isFinite(value)) found[key] = value;
  }
  return found;
}
