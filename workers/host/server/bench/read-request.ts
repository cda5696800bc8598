/** Reads what a run is asked with, field by field; whether it is possible here is another question. */
import type { BenchRequest } from '#core/bench/events';
import type { BenchSetName, BenchTest, Candidate } from '#core/bench/run';
import { benchSet, BENCH_SETS, sameTest, testName } from '#core/bench/sets';
import { isObject } from '#core/is-object';
import { badRequest, brief, flag, type Body } from '../body';

/** A candidate takes minutes, and a run is one request: nobody waits for more. */
const MOST_CANDIDATES = 32;
const MOST_TESTS = 16;
const MOST_REPETITIONS = 100;
/** Tokens: longer than the context of any model that fits in a browser. */
const MOST_TOKENS = 131_072;

const ENGINES: readonly Candidate['engine'][] = ['paddock', 'wllama', 'webllm', 'fake'];
const BACKENDS: readonly Candidate['backend'][] = ['webgpu', 'wasm'];
const KINDS: readonly BenchTest['kind'][] = ['pp', 'tg', 'chat'];

/** As it was asked, with nothing left open. */
export interface ReadRequest extends Required<Omit<BenchRequest, 'set'>> {
  set: BenchSetName | 'custom';
}

/** @throws PaddockError `bad_request`, naming the field */
export function readBenchRequest(body: Body): ReadRequest {
  const set = benchSet(readSet(body));
  const tests = body.tests === undefined ? set.tests : readTests(body.tests);
  const repetitions = whole(
    body.repetitions ?? set.repetitions,
    'repetitions',
    1,
    MOST_REPETITIONS,
  );
  return {
    candidates: readCandidates(body.candidates),
    set: body.tests === undefined ? set.name : 'custom',
    tests,
    repetitions,
    verify: flag(body, 'verify', true),
  };
}

function readSet({ set = BENCH_SETS[0]!.name }: Body): BenchSetName {
  const names = BENCH_SETS.map(({ name }) => name);
  return oneOf(set, names, 'set');
}

function readTests(value: unknown): BenchTest[] {
  const tests = list(value, 'tests', MOST_TESTS).map((item, at): BenchTest => {
    const test = object(item, `tests[${at}]`);
    return {
      kind: oneOf(test.kind, KINDS, `tests[${at}].kind`),
      tokens: whole(test.tokens, `tests[${at}].tokens`, 1, MOST_TOKENS),
      depth: whole(test.depth ?? 0, `tests[${at}].depth`, 0, MOST_TOKENS),
    };
  });
  const twice = tests.find((test, at) => tests.findIndex((one) => sameTest(one, test)) < at);
  if (twice) throw badRequest(`"tests" has ${testName(twice)} twice`);
  const deep = tests.find(({ kind, depth }) => kind === 'chat' && depth > 0);
  if (deep) throw badRequest('a chat has no depth');
  return tests;
}

function readCandidates(value: unknown): Candidate[] {
  const candidates = list(value, 'candidates', MOST_CANDIDATES).map((item, at): Candidate => {
    const name = `candidates[${at}]`;
    const { model, engine, backend, threads } = object(item, name);
    if (typeof model !== 'string' || model === '') {
      throw badRequest(`"${name}.model" must be a model's name`);
    }
    return {
      model,
      engine: oneOf(engine, ENGINES, `${name}.engine`),
      backend: oneOf(backend, BACKENDS, `${name}.backend`),
      threads: whole(threads ?? 0, `${name}.threads`, 0, 1024),
    };
  });
  return candidates;
}

function list(value: unknown, name: string, most: number): unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= most) return value;
  throw badRequest(`"${name}" must be a list of 1 to ${most}`);
}

function object(value: unknown, name: string): Body {
  if (isObject(value)) return value;
  throw badRequest(`"${name}" must be an object`);
}

function whole(value: unknown, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number;
  }
  throw badRequest(`"${name}" must be a whole number from ${least} to ${most}`);
}

function oneOf<T extends string>(value: unknown, known: readonly T[], name: string): T {
  const found = known.find((one) => one === value);
  if (found) return found;
  const given = typeof value === 'string' ? `, and "${brief(value)}" is not` : '';
  throw badRequest(`"${name}" must be one of ${known.join(', ')}${given}`);
}
