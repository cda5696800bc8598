/**
 * Every architecture and tensor type on small random models: our logits and wllama's, each against the float64
 * reference. Rounding the activations costs what it costs; we may not lose more than wllama does.
 */
import { expect, it } from 'vitest';
import { randomModel } from '../fixtures/random-model';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';
import { Reference } from '../fixtures/reference/forward';
import { logSoftmax } from '../fixtures/reference/starter';
import { distance, ours, wllamas } from './paddock-forward';

const TOKENS = Array.from({ length: 24 }, (_, at) => 3 + ((at * 37) % 340));

/** What wllama's own distance is allowed to grow by: other roundings fall otherwise. */
const SLACK = 1.25;
/** Nats: f16 keys and values alone cost some 5e-7. */
const FLOOR = 2e-6;

/** Each way of reading weights. */
const USUAL: WeightType[] = ['F32', 'F16', 'Q8_0', 'Q4_0', 'Q4_K', 'Q6_K'];
/** With PADDOCK_LONG: in the same ways, with other widths and offsets, which `kernels-matrices` has too. */
const OTHERS: WeightType[] = ['BF16', 'Q4_1', 'Q5_0', 'Q5_1', 'Q5_K'];
const TYPES = import.meta.env.PADDOCK_LONG ? [...USUAL, ...OTHERS] : USUAL;

/** As Q4_K_M has it: the more sensitive matrices, and the output, in Q6_K. */
const mixed = (tensor: string): WeightType =>
  /attn_v|ffn_down|output\.weight|token_embd/.test(tensor) ? 'Q6_K' : 'Q4_K';

const CASES: [string, ModelOptions][] = [
  ...TYPES.map((type): [string, ModelOptions] => [`llama, ${type}`, { type, seed: 7 }]),
  ['llama, mixed as in Q4_K_M', { type: mixed, seed: 8 }],
  ['llama, tied', { tied: true, type: 'Q8_0', seed: 9 }],
  ['Llama 3, factors of rope', { ropeFactors: true, ropeBase: 500_000, seed: 10 }],
  ['llama, linear scaling', { ropeScaling: 4, seed: 11 }],
  ['qwen2', { architecture: 'qwen2', seed: 12 }],
  ['qwen2, tied, mixed', { architecture: 'qwen2', tied: true, type: mixed, seed: 13 }],
  ['qwen3', { architecture: 'qwen3', seed: 14 }],
  ['qwen3, tied, Q8_0', { architecture: 'qwen3', tied: true, type: 'Q8_0', seed: 15 }],
];

it.for(CASES)('%s', { timeout: 60_000 }, async ([name, options]) => {
  const file = randomModel(options);
  const reference = (await Reference.load(file)).all(TOKENS).map(logSoftmax);
  const weights = new Blob([file as Uint8Array<ArrayBuffer>]);
  const allowed = distance(reference, await wllamas(file, TOKENS));
  const single = distance(reference, await ours(weights, TOKENS));
  const together = distance(reference, await ours(weights, TOKENS, { chunk: 16 }));
  const plain = distance(reference, await ours(weights, TOKENS, { kernels: 'plain' }));
  const show = ({ divergence, largest }: typeof allowed) =>
    `${divergence.toExponential(2)} (${largest.toFixed(4)})`;
  console.log(`${name}: KL ours ${show(single)}, plain ${show(plain)}, wllama ${show(allowed)}`);
  for (const { divergence, largest } of [single, together, plain]) {
    expect(divergence).toBeLessThan(allowed.divergence * SLACK + FLOOR);
    expect(largest).toBeLessThan(2 * allowed.largest + 0.01);
  }
});
