/** What is offered after a second loss to a model that has nothing but WebGPU, and to one that does not fit it. */
import { expect, it } from 'vitest';
import { PaddockError, toPaddockError, type ErrorDetail } from '#core/errors';
import { explainInLine } from '#core/sentences';
import { Recovery } from '../../workers/host/scheduler/recovery';
import { digest } from '../fixtures/house';

const request = {
  name: 'llama3.2:1b-mlc',
  model: { format: 'mlc', files: [{ digest: digest('a') }], size: 1 },
  options: { num_ctx: 0, num_gpu: -1, num_thread: 0 },
  keepAliveMs: 1,
};

function lost(recovery: Recovery, error: PaddockError, asked = request): PaddockError {
  try {
    recovery.tryAgain(error, { request: asked, retried: false, missed: false });
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

it('the CPU, at once, where a GGUF file’s load on the adapter ran out of memory: its context was cut there', () => {
  const recovery = new Recovery(family);
  const gguf = { ...request, model: { ...request.model, format: 'gguf' } };
  const full = new PaddockError('out_of_memory', 'Too little.', { backend: 'webgpu' });
  const told = lost(recovery, full, gguf);
  expect(told.detail).toEqual({ backend: 'webgpu', offer: 'cpu' });
  expect(explainInLine(told)).toBe(
    'This model needs more memory than the graphics adapter gives. On the CPU the model is slower, and goes on.',
  );
  expect(lost(recovery, full, gguf).detail).toMatchObject({ times: 2, offer: 'cpu' });
});
