/** Whether an adapter computes a model right: found out at the first load there, remembered, and reported where not. */
import { PaddockError } from '#core/errors';
import type { Notes } from '../../../../engine';
import type { Decoder } from '../../decoder';
import type { WeightsReader } from '../../load/reader';
import type { ModelSpec } from '../../spec/model-spec';
import type { ModelTensors } from '../../spec/tensors';
import { fingerprint } from '../fingerprint';
import { boundOf, errorOf, type Rounding, type StepError } from './compare';
import { floatLogits } from './float-model';
import { FloatRows } from './float-rows';
import { reportText, type ReportFacts } from './report';
import { HELD } from './rounded-row';
import { CHECKED_LAYERS, checkText, type CheckText } from './text';

export interface Checked {
  /** Of the whole model. */
  spec: ModelSpec;
  tensors: ModelTensors;
  reader: WeightsReader;
  dataOffset: number;
  rounding: Rounding;
  signal: AbortSignal;
}

export interface Trust extends Checked {
  /** On the adapter, of the model's first `CHECKED_LAYERS` layers; asked for only where it is needed. */
  open(layers: number): Promise<Pick<Decoder, 'evaluate' | 'logits'>>;
  notes: Notes | undefined;
  /** What the adapter, its driver and features are. */
  deviceKey: string;
  /** All shaders that run, and how they are dispatched: when one changes, the comparison is made again. */
  shaders: readonly string[];
  facts: ReportFacts;
}

/** Kept for one device: a model has other shaders with another context, cache or choice of kernels. */
const PROOFS = 8;

/**
 * Compares at the first load of a model on a device with these shaders in this browser, whose compiler is a part of
 * the computation. A failure is not remembered: the next load finds out whether it was the driver's last.
 * @throws PaddockError `no_gpu` (detail: missing `adapter`, wrong, report), `aborted`, `device_lost`
 */
export async function requireTrust(trust: Trust): Promise<void> {
  const { notes, deviceKey, facts, spec, rounding } = trust;
  const key = `trust ${deviceKey}`;
  const proof = fingerprint([facts.browser, ...trust.shaders]);
  const proofs = proofsOf(notes?.read(key));
  if (proofs.includes(proof)) return;
  const layers = Math.min(CHECKED_LAYERS, spec.layers);
  const steps = await compare(await trust.open(layers), trust);
  const bound = boundOf(rounding);
  if (steps.every(({ error }) => error <= bound)) {
    notes?.write(key, [proof, ...proofs].slice(0, PROOFS));
    return;
  }
  const report = reportText(trust, { layers, steps, bound });
  throw new PaddockError(
    'no_gpu',
    'The graphics adapter computes this model wrong: its logits are not those that the CPU finds.',
    { missing: 'adapter', wrong: true, report },
  );
}

function proofsOf(note: unknown): string[] {
  return Array.isArray(note) ? note.filter((proof) => typeof proof === 'string') : [];
}

/**
 * The error of each step: the prompt's last token, and single ones; against that way of holding keys and values
 * which the adapter is nearest to.
 * @throws PaddockError `aborted`
 */
export async function compare(
  decoder: Pick<Decoder, 'evaluate' | 'logits'>,
  { spec, tensors, reader, dataOffset, rounding, signal }: Checked,
): Promise<StepError[]> {
  const layers = Math.min(CHECKED_LAYERS, spec.layers);
  const text = checkText(spec, tensors);
  const adapter = await adapterLogits(decoder, text, signal);
  const weights = new FloatRows(reader, dataOffset, signal);
  let nearest: StepError[] | undefined;
  for (const held of HELD[rounding.cache]) {
    const logits = await floatLogits({ ...spec, layers }, tensors, weights, text, held);
    const steps = text.ends.map((end, at) => {
      return { tokens: end + 1, error: errorOf(adapter[at]!, logits[at]!) };
    });
    if (!nearest || largest(steps) < largest(nearest)) nearest = steps;
    // The second way costs seconds, and most adapters go the first.
    if (largest(nearest) <= boundOf(rounding)) break;
  }
  return nearest!;
}

/** [steps][rows] */
async function adapterLogits(
  decoder: Pick<Decoder, 'evaluate' | 'logits'>,
  { tokens, ends, rows }: CheckText,
  signal: AbortSignal,
): Promise<number[][]> {
  const steps: number[][] = [];
  let start = 0;
  for (const end of ends) {
    await decoder.evaluate(tokens.slice(start, end + 1), start, signal);
    const all = await decoder.logits(end - start);
    steps.push(rows.map((row) => all[row]!));
    start = end + 1;
  }
  return steps;
}

function largest(steps: readonly StepError[]): number {
  return Math.max(...steps.map(({ error }) => error));
}
