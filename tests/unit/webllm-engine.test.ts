/** Parts of the engine for MLC models that need no GPU. */
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '#core/engine';
import { EmbeddingModel } from '../../workers/runner/engines/webllm/embedding-model';
import { toFormat } from '../../workers/runner/engines/webllm/format';
import { explainError } from '../../workers/runner/engines/webllm/load-errors';
import { toGeneration, toSeed } from '../../workers/runner/engines/webllm/sampling';
import { textEnds } from '../../workers/runner/engines/webllm/text-ends';
import { TokenBytes } from '../../workers/runner/engines/webllm/token-bytes';

const letters = {
  encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
  idToToken: (id: number) => ['▁Hi', '<0xE2>', 'Ġa', 'Ã©'][id] ?? '',
};

describe('options', () => {
  it('become web-llm’s, inside its ranges', () => {
    const options = {
      ...{ temperature: -1, top_p: 0, repeat_penalty: 1.1, presence_penalty: 3 },
      logit_bias: { 5: 1000 },
    };
    expect(toGeneration(options, 7)).toEqual({
      ...{ max_tokens: 7, temperature: 0, top_p: 1e-5, repetition_penalty: 1.1 },
      ...{ presence_penalty: 2, frequency_penalty: 0, logit_bias: { 5: 100 } },
    });
  });

  it('that are absent are left to the model', () => {
    expect(toGeneration({ logit_bias: {} }, 7)).toEqual({ max_tokens: 7 });
  });
});

describe('a seed', () => {
  /** The first number that web-llm draws, from 0 to 1: its generator's first step. */
  const first = (seed: number) => ((48_271 * (seed % 0x7fff_ffff)) % 0x7fff_ffff) / 0x7fff_ffff;

  it('gives the same reply again', () => {
    expect(toSeed({ seed: 42 })).toBe(toSeed({ seed: 42 }));
    expect(toSeed({ seed: 0 })).not.toBe(toSeed({ seed: 1 }));
  });

  it('that is small begins a reply as any other does', () => {
    const drawn = Array.from({ length: 100 }, (_, seed) => first(toSeed({ seed })));
    for (const part of [0, 1, 2, 3]) {
      const there = drawn.filter((number) => Math.floor(number * 4) === part);
      expect(there.length).toBeGreaterThan(10);
    }
  });

  it('of -1, and none, is another one each time', () => {
    expect(toSeed({ seed: -1 })).not.toBe(toSeed({}));
  });
});

it('any JSON is an object with any properties', () => {
  const format = toFormat('json');
  expect(format).toMatchObject({ type: 'json_object' });
  expect(JSON.stringify(format)).toContain('additionalProperties');
});

describe('a token’s bytes', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  it('are by letters where the tokenizer has such', () => {
    const bytes = new TokenBytes(letters, { decoder: { type: 'ByteLevel' } });
    expect(text(bytes.bytes(2))).toBe(' a');
    expect(text(bytes.bytes(3))).toBe('é');
  });

  it('have blanks and single bytes where SentencePiece made it', () => {
    const steps = [{ type: 'Replace' }, { type: 'ByteFallback' }, { type: 'Strip' }];
    for (const rules of [undefined, { decoder: { type: 'Sequence', decoders: steps } }]) {
      const bytes = new TokenBytes(letters, rules);
      expect(text(bytes.bytes(0))).toBe(' Hi');
      expect(text(bytes.bytes(0, true))).toBe('Hi');
      expect([...bytes.bytes(1)]).toEqual([0xe2]);
    }
  });

  it('keep the first blank where the tokenizer does', () => {
    const bytes = new TokenBytes(letters, { decoder: { type: 'Replace' } });
    expect(text(bytes.bytes(0, true))).toBe(' Hi');
  });
});

describe('errors', () => {
  const named = (name: string) => Object.assign(new Error('why'), { name });

  it.each([
    ['ShaderF16SupportError', 'no_gpu', { missing: 'shader-f16' }],
    ['WebGPUNotAvailableError', 'no_gpu', { missing: 'adapter' }],
    ['DeviceLostError', 'device_lost', {}],
    ['UnsupportedTokenizerFilesError', 'model_unreadable', {}],
    // web-llm's own, of settings.
    ['RangeError', 'engine_failed', {}],
  ])('%s is %s', (name, code, detail) => {
    expect(explainError(named(name), 'run', 'v1')).toMatchObject({ code, detail });
  });

  it('without a name are the fault of what was read', () => {
    const step = (name: Parameters<typeof explainError>[1]) =>
      explainError(new Error('why'), name, 'v1').code;
    expect(step('library')).toBe('bad_library');
    expect(step('tokenizer')).toBe('model_unreadable');
    expect(step('run')).toBe('engine_failed');
  });

  it.each([
    'Array buffer allocation failed',
    'WebAssembly.Memory(): could not allocate memory',
    'WebAssembly.Memory.grow(): Unable to grow instance memory',
    'WebAssembly.Memory.grow(): failed to grow memory',
    'Out of memory',
  ])('of an allocation are about memory, wherever it was: %s', (message) => {
    for (const step of ['library', 'run'] as const) {
      expect(explainError(new RangeError(message), step, 'v1')).toMatchObject({
        code: 'out_of_memory',
        message,
      });
    }
  });

  it.each([
    'Maximum call stack size exceeded',
    'Invalid typed array length: -1',
    'Offset is outside the bounds of the DataView',
  ])('of another range are a mistake, or the fault of what was read: %s', (message) => {
    const error = new RangeError(message);
    expect(explainError(error, 'run', 'v1')).toMatchObject({ code: 'internal', message });
    expect(explainError(error, 'tokenizer', 'v1').code).toBe('model_unreadable');
  });
});

describe('embeddings', () => {
  const tokenizerJson = {
    post_processor: {
      single: [{ SpecialToken: { id: 'CLS' } }, { Sequence: {} }, { SpecialToken: { id: 'SEP' } }],
      special_tokens: { CLS: { ids: [1] }, SEP: { ids: [2] } },
    },
  };
  const seen: number[][] = [];
  const model = new EmbeddingModel({
    info: {} as EngineInfo,
    ends: textEnds(tokenizerJson),
    pipeline: {
      tokenizer: letters,
      contextWindowSize: 5,
      embedStep: async (inputs) => {
        seen.push(...inputs);
        return inputs.map(() => [3, 4]);
      },
    },
    step: (work) => work,
    enter: async () => () => {},
    close: async () => {},
  });
  const { signal } = new AbortController();

  it('are of length one, of texts with the tokens around them', async () => {
    const { vectors, promptTokens } = await model.embed(
      { input: ['a', 'bc'], truncate: false },
      signal,
    );
    expect(vectors.map((vector) => [...vector].map((value) => value.toFixed(3)))).toEqual([
      ['0.600', '0.800'],
      ['0.600', '0.800'],
    ]);
    expect(seen).toEqual([
      [1, 97, 2],
      [1, 98, 99, 2],
    ]);
    expect(promptTokens).toBe(7);
  });

  it('are as the model gives them where they are wanted so', async () => {
    const { vectors } = await model.embed({ input: ['a'], truncate: false, raw: true }, signal);
    expect(vectors).toEqual([Float32Array.of(3, 4)]);
  });

  it('have the tokens around them however the tokenizer says so', () => {
    const ends = { begin: [1], end: [2] };
    const bert = { type: 'BertProcessing', sep: ['[SEP]', 2], cls: ['[CLS]', 1] };
    const { post_processor: template } = tokenizerJson;
    for (const rules of [template, bert, { processors: [{ type: 'ByteLevel' }, template] }]) {
      expect(textEnds({ post_processor: rules })).toEqual(ends);
    }
    expect(textEnds({ post_processor: null })).toEqual({ begin: [], end: [] });
    expect(textEnds(undefined)).toEqual({ begin: [], end: [] });
  });

  it('of a text that is too long are cut, or refused with the counts', async () => {
    const long = { input: ['abcdef'], truncate: true };
    expect((await model.embed(long, signal)).promptTokens).toBe(5);
    expect(seen.at(-1)).toEqual([1, 97, 98, 99, 2]);
    await expect(model.embed({ ...long, truncate: false }, signal)).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 8, contextLength: 5 },
    });
  });

  it('and no text', () => {
    expect(() => model.chat()).toThrow(expect.objectContaining({ code: 'not_supported' }) as Error);
  });
});
