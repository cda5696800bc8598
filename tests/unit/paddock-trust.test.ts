/** The comparison of an adapter with the CPU: what is computed here against the tests' own reference, and what is caught. */
import { expect, it } from 'vitest';
import { readGgufHeader } from '#core/gguf';
import { PaddockError } from '#core/errors';
import { openReader } from '../../workers/runner/engines/paddock/load/reader';
import { readRopeFactors } from '../../workers/runner/engines/paddock/load/vectors';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec';
import { findTensors } from '../../workers/runner/engines/paddock/spec/tensors';
import { floatLogits } from '../../workers/runner/engines/paddock/webgpu/trust/float-model';
import { FloatRows } from '../../workers/runner/engines/paddock/webgpu/trust/float-rows';
import { checkText } from '../../workers/runner/engines/paddock/webgpu/trust/text';
import {
  compare,
  requireTrust,
  type Trust,
} from '../../workers/runner/engines/paddock/webgpu/trust/trust';
import { randomFile, withLargeKeys } from '../fixtures/random-file';
import { randomModel } from '../fixtures/random-model';
import { FORMATS, type WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';
import { Reference } from '../fixtures/reference/forward';

const never = new AbortController().signal;

async function open(options: ModelOptions) {
  const file = randomModel(options) as Uint8Array<ArrayBuffer>;
  const reader = await openReader(new Blob([file]), undefined);
  const header = await readGgufHeader(reader.bytes.bind(reader), file.length);
  const spec = readSpec(header);
  const tensors = findTensors(header, spec);
  spec.rope.factors = await readRopeFactors(reader, header.dataOffset, tensors.ropeFactors);
  const rounding = { cache: 'f32' as const, int8: false, f16: false };
  const checked = { spec, tensors, reader, dataOffset: header.dataOffset, rounding, signal: never };
  return { checked, reference: await Reference.load(file) };
}

/** An adapter that is the tests' own reference; `spoil` changes its logits. */
function adapter(
  reference: Reference,
  spoil: (logits: Float32Array, step: number) => void = () => {},
) {
  let logits: Float32Array;
  let step = 0;
  return {
    async evaluate(tokens: readonly number[], start: number) {
      if (start === 0) reference.reset();
      for (const token of tokens) logits = Float32Array.from(reference.next(token));
    },
    logits() {
      spoil(logits, step++);
      return logits;
    },
  };
}

const types = Object.keys(FORMATS) as WeightType[];
const CASES: ModelOptions[] = [
  ...types.map((type): ModelOptions => ({ type, seed: 3 })),
  { architecture: 'qwen2', type: 'Q8_0', tied: true, ropeScaling: 4 },
  { architecture: 'qwen3', type: 'Q4_K' },
  { ropeFactors: true, ropeBase: 500_000 },
];

it.each(CASES)('finds the logits of the reference, by another way: %j', async (options) => {
  const { checked, reference } = await open(options);
  const steps = await compare(adapter(reference), checked);
  expect(steps.map(({ tokens }) => tokens)).toEqual([12, 13, 14]);
  // The adapter's logits are of 32 bits.
  for (const { error } of steps) expect(error).toBeLessThan(1e-6);
});

it.each(['nearest', 'cut'] as const)('finds f16 of large keys that is %s', async (held) => {
  const file = withLargeKeys(await randomFile({ architecture: 'qwen2', type: 'Q8_0' }), 200);
  const { bytes, header, spec, tensors } = file;
  const reader = await openReader(new Blob([bytes as Uint8Array<ArrayBuffer>]), undefined);
  const weights = new FloatRows(reader, header.dataOffset, never);
  const text = checkText(spec, tensors);
  const logits = await floatLogits(spec, tensors, weights, text, held);
  const device = { async evaluate() {}, logits: () => Float32Array.from(logits.shift()!) };
  const steps = await compare(device, {
    ...{ spec, tensors, reader, dataOffset: header.dataOffset, signal: never },
    rounding: { cache: 'f16', int8: false, f16: false },
  });
  for (const { error } of steps) expect(error).toBeLessThan(1e-6);
});

/** As the engine asks; `spoil` makes the adapter wrong. */
async function trustOf(spoil?: (logits: Float32Array, step: number) => void) {
  const { checked, reference } = await open({ type: 'Q4_0', seed: 5 });
  const kept = new Map<string, unknown>();
  const opened = { times: 0 };
  const trust: Trust = {
    ...checked,
    async open() {
      opened.times++;
      return adapter(reference, spoil);
    },
    notes: { read: (key) => kept.get(key), write: (key, value) => void kept.set(key, value) },
    deviceKey: 'acme|one',
    shaders: ['a', 'b'],
    facts: {
      ...{
        adapter: 'Acme One',
        browser: 'Test/1',
        features: { f16: false },
        variants: { rows: 2 },
      },
      dropped: [{ label: 'quick', reason: 'too quick' }],
    },
  };
  return { trust, kept, opened };
}

it('is made once for a device, its shaders and the browser', async () => {
  const { trust, kept, opened } = await trustOf();
  await requireTrust(trust);
  await requireTrust(trust);
  expect(opened.times).toBe(1);
  const other = { ...trust, deviceKey: 'acme|two' };
  await requireTrust(other);
  await requireTrust(trust);
  expect(opened.times).toBe(2);
  await requireTrust({ ...trust, shaders: ['ab'] });
  await requireTrust({ ...trust, facts: { ...trust.facts, browser: 'Test/2' } });
  expect(opened.times).toBe(4);
  kept.set('trust acme|two', { damaged: true });
  await requireTrust(other);
  await requireTrust(other);
  expect(opened.times).toBe(5);
});

it.each<[string, (logits: Float32Array, step: number) => void]>([
  ['a logit that is no number', (logits) => void (logits[7] = NaN)],
  ['four rows of nothing', (logits) => logits.fill(0, 8, 12)],
  [
    'a scale that is 1 % off',
    (logits) => logits.forEach((value, at) => (logits[at] = 1.01 * value)),
  ],
  ['the last step alone', (logits, step) => void (step === 2 && logits.reverse())],
])('refuses %s, with a report, and asks again at the next load', async (_, spoil) => {
  const { trust, kept } = await trustOf(spoil);
  const refused = requireTrust(trust);
  await expect(refused).rejects.toMatchObject({
    code: 'no_gpu',
    detail: { missing: 'adapter', wrong: true },
  });
  const { detail } = (await refused.catch((error: unknown) => error)) as PaddockError;
  for (const said of [
    'Acme One',
    'acme|one',
    'Test/1',
    'Q4_0',
    '"rows":2',
    'too quick',
    'after 14 tokens',
  ]) {
    expect(detail.report).toContain(said);
  }
  expect(kept.size).toBe(0);
});

it('ends with the load that is stopped', async () => {
  const { checked, reference } = await open({});
  const stopped = compare(adapter(reference), { ...checked, signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
});
