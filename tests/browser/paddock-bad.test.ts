/** Files that are not what they should be: each refused with words that name the fault, and no engine left over. */
import { expect, it } from 'vitest';
import { PaddockError } from '#core/errors';
import type { ErrorCode } from '#core/errors';
import { randomModel } from '../fixtures/random-model';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { Fault } from '../fixtures/random-model/options';
import { logitsOf } from './paddock-logits';

const EXPECTED: [Fault, WeightType, ErrorCode, RegExp][] = [
  ['missing', 'Q4_0', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['shape', 'Q4_0', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['norm', 'Q4_0', 'model_unreadable', /output_norm\.weight/],
  ['type', 'Q4_0', 'not_supported', /blk\.1\.ffn_up\.weight.*Q2_K/],
  ['vocabulary', 'Q4_0', 'model_unreadable', /35\d/],
  ['nan', 'F32', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'F16', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'BF16', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'Q8_0', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'Q4_1', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'Q4_K', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
  ['nan', 'Q6_K', 'model_unreadable', /blk\.1\.ffn_up\.weight/],
];

it.for(EXPECTED)('%s in %s: %s', async ([fault, type, code, words]) => {
  const weights = new Blob([randomModel({ fault, type }) as Uint8Array<ArrayBuffer>]);
  const error = await logitsOf(weights, [3, 4]).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PaddockError);
  expect((error as PaddockError).code).toBe(code);
  expect((error as PaddockError).message).toMatch(words);
});

it('takes the same files without the fault', async () => {
  const weights = new Blob([randomModel({ type: 'Q4_0' }) as Uint8Array<ArrayBuffer>]);
  await expect(logitsOf(weights, [3, 4])).resolves.toHaveLength(2);
});
