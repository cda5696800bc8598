/** What the header tells is refused before a byte of memory is claimed, so that another engine finds it free. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDigest } from '#core/digest';
import type { LoadOptions } from '#core/engine';
import { createPaddockEngine } from '../../workers/runner/engines/paddock/engine';
import { checkChatTemplate } from '../../workers/runner/chat/check-template';
import { randomModel } from '../fixtures/random-model';

const CLAIMED = new Error('memory was claimed');

// The kernels' modules are fetched from the page's site, which a unit test has not.
vi.mock('../../workers/runner/engines/paddock/kernels/instantiate', () => ({
  loadKernels: async () => ({ set: 'plain', shared: false }),
  createMemory() {
    throw CLAIMED;
  },
}));

beforeAll(() => vi.stubGlobal('navigator', { hardwareConcurrency: 2 }));
afterAll(() => vi.unstubAllGlobals());

/** Loads a model's file in which one text is replaced by another of the same length. */
async function load(from = '', to = from): Promise<unknown> {
  const file = randomModel({ type: 'Q8_0' });
  const text = Buffer.from(file).toString('latin1');
  expect(to).toHaveLength(from.length);
  const weights = new Blob([Buffer.from(text.replace(from, to), 'latin1')]);
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const model = { files: [{ digest }], format: 'gguf', size: weights.size };
  const context = { signal: new AbortController().signal, onProgress() {}, onDeath() {} };
  const options: LoadOptions = { num_ctx: 0, num_gpu: 0, num_thread: 1 };
  return createPaddockEngine({ shared: false })
    .load(model, [weights], options, context)
    .catch((error: unknown) => error);
}

it('claims memory for a model that it knows', async () => {
  expect(await load()).toBe(CLAIMED);
});

it.each([
  ['an unknown tokenizer', 'gpt2', 'gpt3', /tokenizer\.ggml\.model is "gpt3"/],
  ['an unknown way to cut words', 'smollm', 'smollx', /tokenizer\.ggml\.pre is "smollx"/],
  ['a template with a fault', '{% endfor %}', '{% endfox %}', /chat template cannot be used/],
  ['a template that uses what is not known', "['role'] ", '|nosuch  ', /chat template cannot be/],
])('refuses %s before that', async (_, from, to, says) => {
  expect(await load(from, to)).toMatchObject({
    code: 'not_supported',
    message: expect.stringMatching(says) as string,
  });
});

describe('checkChatTemplate', () => {
  it('takes a template that refuses the messages: it runs', () => {
    expect(() =>
      checkChatTemplate("{{ raise_exception('A system message first.') }}"),
    ).not.toThrow();
  });

  it('takes a file without a template', () => {
    expect(() => checkChatTemplate(' ')).not.toThrow();
  });
});
