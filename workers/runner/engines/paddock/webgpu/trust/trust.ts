/** Whether an adapter computes a model right: found out at the first load there, remembered, and reported where not. */
import { PaddockError } from '#core/errors';
import type { Notes } from '../../../../engine';
import type { Decoder } from '../../decoder';
import type { WeightsReader } from '../../load/reader';
import type { ModelSpec } from '../../spec/model-spec';
import type { ModelTensors } from '../../spec/tensors';
import { boundOf, errorOf, type Rounding } from './compare';
import { floatLogits } from './float-model';
import { FloatRows } from './float-rows';
import { reportText, type ReportFacts } from './report';
import { CHECKED_LAYERS, checkText } from './text';

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

export interface StepError {
  /** Of the text's tokens up to here. */
  tokens: number;
  error: number;
}

/**
 * Compares at the first load of a model on a device with these shaders in this browser, whose compiler is a part of
 * the computation. A failure is not remembered: the next load finds out whether it was the driver's last.
 * @throws PaddockError `no_gpu` (detail: missing `adapter`, wrong, report), `aborted`, `device_lost`
 */
export async function requireTrust(trust: Trust): Promise<void> {
  const { notes, deviceKey, facts, spec, rounding } = trust;
  const key = `trust ${deviceKey}`;
  const proof = fingerprint([facts.browser, ...trust.shaders]);
  if (notes?.read(key) === proof) return;
  const layers = Math.min(CHECKED_LAYERS, spec.layers);
  const steps = await compare(await trust.open(layers), trust);
  const bound = boundOf(rounding);
  if (steps.every(({ error }) => error <= bound)) {
    notes?.write(key, proof);
    return;
  }
  const report = reportText(trust, { layers, steps, bound });
  throw new PaddockError(
    'no_gpu',
    'The graphics adapter computes this model wrong: its logits are not those that the CPU finds.',
    { missing: 'adapter', wrong: true, report },
  );
}

/** The error of each step: the prompt's last token, and single ones. @throws PaddockError `aborted` */
export async function compare(
  decoder: Pick<Decoder, 'evaluate' | 'logits'>,
  { spec, tensors, reader, dataOffset, signal }: Checked,
): Promise<StepError[]> {
  const layers = Math.min(CHECKED_LAYERS, spec.layers);
  const text = checkText(spec, tensors);
  const weights = new FloatRows(reader, dataOffset, signal);
  const logits = await floatLogits({ ...spec, layers }, tensors, weights, text);
  const steps: StepError[] = [];
  let start = 0;
  for (const [at, end] of text.ends.entries()) {
    const tokens = text.tokens.slice(start, end + 1);
    await decoder.evaluate(tokens, start, signal);
    const all = await decoder.logits(tokens.length - 1);
    const asked = text.rows.map((row) => all[row]!);
    steps.push({ tokens: end + 1, error: errorOf(asked, logits[at]!) });
    start = end + 1;
  }
  return steps;
}

/** 53 bits of all texts and their order (cyrb53): told apart here are versions of our own, nothing hostile. */
export function fingerprint(texts: readonly string[]): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (const text of texts) {
    for (let at = 0; at <= text.length; at++) {
      const unit = at < text.length ? text.charCodeAt(at) : 0x10000;
      one = Math.imul(one ^ unit, 2654435761);
      other = Math.imul(other ^ unit, 1597334677);
    }
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return ((2097151 & other) * 2 ** 32 + (one >>> 0)).toString(36);
}
