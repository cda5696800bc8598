/** wllama's embeddings as the seam wants them, on a double that counts words and refuses as llama.cpp's server does. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '#core/engine';
import { readGgufHeader } from '#core/gguf';
import { EmbeddingModel } from '../../workers/runner/engines/wllama/embedding-model';
import { NativeLog } from '../../workers/runner/engines/wllama/native-log';
import { poolingOf } from '../../workers/runner/engines/wllama/pooling';
import { ARCHITECTURE, gguf, pair, U32 } from '../fixtures/gguf-builder';

const CONTEXT = 8;

interface Request {
  input: string | (string | number)[];
  embd_normalize: number;
}

/** @param refusal what the server says of too many tokens; @param slot tokens that it takes */
function open({ refusal = 'input', slot = CONTEXT, vector = [3, 4] as (number | null)[] } = {}) {
  const log = new NativeLog(() => {});
  const computed: Request[] = [];
  const wllama = {
    createEmbedding: async (request: Request) => {
      const [text, ...more] = [request.input].flat();
      const tokens = String(text).split(/\s+/).filter(Boolean).length + 2 + more.length;
      if (tokens > slot && refusal === 'input') {
        throw new Error(
          `input (${tokens} tokens) is too large to process. increase the batch size`,
        );
      }
      if (tokens > slot) {
        const type = 'exceed_context_size_error';
        log.error('Model returned an error:', { type, n_prompt_tokens: tokens, n_ctx: slot });
        throw new Error('the request exceeds the available context size');
      }
      computed.push(request);
      return { data: [{ embedding: vector }], usage: { prompt_tokens: tokens } };
    },
  };
  const info = { contextLength: CONTEXT } as EngineInfo;
  return { computed, model: new EmbeddingModel(wllama as unknown as Wllama, info, log) };
}

const go = new AbortController().signal;
const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`).join(' ');

it.each(['input', 'log'])(
  'computes nothing of a list with a text that is too long (%s)',
  async (refusal) => {
    const { model, computed } = open({ refusal });
    const input = ['a b', words(3), words(7), words(9)];
    await expect(model.embed({ input, truncate: false }, go)).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 9, contextLength: CONTEXT },
    });
    expect(computed).toEqual([]);
  },
);

it('gives a vector a text, and the tokens of all', async () => {
  const { model, computed } = open();
  const input = ['a b', '', words(6)];
  const made = await model.embed({ input, truncate: false }, go);
  expect(made.vectors).toEqual(
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ].map((one) => Float32Array.from(one)),
  );
  expect(made.promptTokens).toBe(4 + 2 + 8);
  expect(computed).toEqual(input.map((text) => ({ input: text, embd_normalize: 2 })));
});

it('asks for the vector as it is pooled where it is wanted so', async () => {
  const { model, computed } = open();
  await model.embed({ input: ['a'], truncate: false, raw: true }, go);
  expect(computed).toEqual([{ input: 'a', embd_normalize: -1 }]);
});

describe.each([
  ['a batch that is too small', { refusal: 'input' }],
  ['a context that is too small', { refusal: 'exceeds' }],
  // llama.cpp rounds the context up, so it takes more than was asked for.
  ['a context that was rounded up', { refusal: 'exceeds', slot: CONTEXT + 200 }],
] as const)('%s', (_, server) => {
  it('cuts the end of each text to the context, and computes each once', async () => {
    const { model, computed } = open(server);
    const made = await model.embed({ input: ['a', words(5000)], truncate: true }, go);
    expect(computed.at(-1)!.input).toBe(words(6));
    expect(made.promptTokens).toBe(3 + CONTEXT);
  });

  it.each([7, 50, 5000])(
    'refuses %i words that must not be cut, with exact figures',
    async (count) => {
      const { model } = open(server);
      await expect(
        model.embed({ input: [words(count)], truncate: false }, go),
      ).rejects.toMatchObject({
        code: 'context_exceeded',
        detail: { promptTokens: count + 2, contextLength: CONTEXT },
      });
      expect((await model.embed({ input: ['a'], truncate: false }, go)).promptTokens).toBe(3);
    },
  );
});

it('what is no number stays none, and does not become 0', async () => {
  const { model } = open({ vector: [1, null] });
  const { vectors } = await model.embed({ input: ['a'], truncate: true }, go);
  expect(vectors).toEqual([Float32Array.of(1, NaN)]);
});

it('half a letter becomes the sign for one, which llama.cpp can read', async () => {
  const { model, computed } = open();
  await model.embed({ input: ['a\ud800b 😀 \udfff'], truncate: true }, go);
  expect(computed[0]!.input).toBe('a\ufffdb 😀 \ufffd');
});

it('stops between two texts', async () => {
  const { model, computed } = open();
  const stop = new AbortController();
  const pending = model.embed({ input: ['a', 'b', 'c'], truncate: true }, stop.signal);
  stop.abort();
  await expect(pending).rejects.toMatchObject({ code: 'aborted' });
  expect(computed).toHaveLength(1);
});

it('another fault is told in its words', async () => {
  const { model } = open({ slot: 0 });
  const broken = { createEmbedding: () => Promise.reject(new Error('out of bounds')) };
  const other = new EmbeddingModel(
    broken as unknown as Wllama,
    model.info,
    new NativeLog(() => {}),
  );
  await expect(other.embed({ input: ['a'], truncate: true }, go)).rejects.toMatchObject({
    code: 'engine_failed',
    message: expect.stringContaining('out of bounds') as string,
  });
});

it('writes no text', () => {
  const { model } = open();
  for (const ask of [() => model.chat(), () => model.complete()]) {
    expect(ask).toThrow('makes embeddings and writes no text');
  }
});

describe('how a file says that its tokens are pooled', () => {
  const header = (pooling?: number) => {
    const told = pooling === undefined ? [] : [pair('llama.pooling_type', U32, { u32: pooling })];
    const bytes = gguf({ pairs: [ARCHITECTURE, ...told] });
    const read = (at: number, length: number) => Promise.resolve(bytes.subarray(at, at + length));
    return readGgufHeader(read, bytes.length);
  };

  it.each([
    [undefined, 'mean'],
    [0, 'mean'],
    [1, 'mean'],
    [2, 'cls'],
    [3, 'last'],
  ])('%s: %s', async (told, pooling) => {
    expect(poolingOf(await header(told))).toBe(pooling);
  });

  it.each([
    [4, 'it ranks texts, and makes no embeddings'],
    [9, 'it pools in way 9'],
  ])('%i is refused', async (told, why) => {
    const file = await header(told);
    expect(() => poolingOf(file)).toThrow(why);
  });
});

it('keeps what llama.cpp says that it claimed', () => {
  const log = new NativeLog(() => {});
  log.log('llama_kv_cache:        CPU KV buffer size =    90.00 MiB');
  log.log('sched_reserve:        CPU compute buffer size =     5.75 MiB');
  log.log('sched_reserve:     WebGPU compute buffer size =     1.00 MiB');
  log.log('load_tensors:          CPU model buffer size =    23.50 MiB');
  const MIB = 1024 ** 2;
  expect([log.cacheBytes, log.computeBytes]).toEqual([90 * MIB, 6.75 * MIB]);
});
