/** What is offered after a second loss to a model that has nothing but WebGPU. */
import { expect, it } from 'vitest';
import { PaddockError, toPaddockError, type ErrorDetail } from '#core/errors';
import { Recovery } from '../../workers/host/scheduler/recovery';
import { digest } from '../fixtures/house';

const request = {
  name: 'llama3.2:1b-mlc',
  model: { format: 'mlc', files: [{ digest: digest('a') }], size: 1 },
  options: { num_ctx: 0, num_gpu: -1, num_thread: 0 },
  keepAliveMs: 1,
};

function lost(recovery: Recovery, error: PaddockError): PaddockError {
  try {
    recovery.tryAgain(error, { request, retried: false, missed: false });
  } catch (told) {
    return toPaddockError(told);
  }
  throw new Error('It was to be tried again.');
}

const family = () => 'b:q4';

const CASES: [string, ErrorDetail, (() => string) | undefined, string | undefined][] = [
  ['the one that the failure names', { twin: 'a:q4' }, family, 'a:q4'],
  ['the one of its family', {}, family, 'b:q4'],
  ['none, where nobody knows one', {}, undefined, undefined],
];

it.each(CASES)('%s', (_, detail, twinOf, twin) => {
  const recovery = new Recovery(twinOf);
  const error = new PaddockError('device_lost', 'The device was destroyed.', detail);
  expect(lost(recovery, error).detail).toEqual(detail);
  expect(lost(recovery, error).detail).toEqual({ times: 2, offer: 'twin', ...(twin && { twin }) });
  expect(lost(recovery, error).detail.times).toBe(3);
  recovery.good(request);
  expect(lost(recovery, error).detail.times).toBeUndefined();
});
