/** Replies are the same whether the decoder chooses their tokens or the sampler does. */
import { describe, expect, it } from 'vitest';
import type { CompleteParams, EngineChunk, SamplingOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import { generate } from '../../workers/runner/engines/paddock/generate/generate';
import { Prefixes } from '../../workers/runner/engines/paddock/prefixes/prefixes';
import { BOS, ByteTokenizer, END } from '../fixtures/byte-tokenizer';
import { FakeDecoder, type FakeDecoderOptions } from '../fixtures/fake-decoder';
import { randomLogits } from '../fixtures/random-logits';

const PROMPT = [BOS, ...new TextEncoder().encode('What is 6 times 7?')];

function setUp(options: FakeDecoderOptions, each?: CompleteParams['each']) {
  const decoder = new FakeDecoder(options);
  const prefixes = new Prefixes(decoder, 100_000);
  return { decoder, prefixes, tokenizer: new ByteTokenizer([]), each };
}

type Model = ReturnType<typeof setUp>;

/** Says this after the prompt, then the end. */
function says(text: string) {
  const tokens = [...new TextEncoder().encode(text)];
  return (before: readonly number[]) => tokens[before.length - PROMPT.length] ?? END;
}

/** Any letter, by the number of tokens before it; never an end. */
function babbles(before: readonly number[]): Float32Array {
  const logits = randomLogits(258, { seed: before.length % 50 });
  return logits.fill(-50, 0, 97).fill(-50, 123);
}

/** All chunks, without their times. */
async function read(model: Model, options: SamplingOptions, signal = new AbortController().signal) {
  const chunks: EngineChunk[] = [];
  for await (const chunk of generate(model, PROMPT, options, signal)) {
    const timeless = { promptMs: 0, evalMs: 0 };
    chunks.push(chunk.type === 'final' ? { ...chunk, ...timeless } : chunk);
  }
  return chunks;
}

/** What two replies, one after the other, leave behind. */
async function outcome(model: Model, options: SamplingOptions) {
  const chunks = [await read(model, options), await read(model, options)];
  const { decoder, prefixes } = model;
  expect(decoder.choosing).toBe(0);
  return { chunks, shifts: decoder.shifts, cells: decoder.cells(prefixes.length) };
}

const GREEDY = { temperature: 0 };
const DRAWN = { temperature: 1.5, top_p: 1, seed: 5 };
const PENALIZED = { ...DRAWN, repeat_penalty: 1.3, frequency_penalty: 0.2, repeat_last_n: 9 };

describe('a reply of chosen tokens is the sampler’s', () => {
  it.each<[string, SamplingOptions, FakeDecoderOptions]>([
    ['to its end', GREEDY, { next: says('It is 42.') }],
    ['past its end', { ...GREEDY, ignore_eos: true, num_predict: 7 }, { next: says('42.') }],
    ['that is empty', GREEDY, { next: says('') }],
    ['up to a stop string', { ...GREEDY, stop: ['\nUser:'] }, { next: says('a\nUs b\nUser: c') }],
    ['with held back text', { ...GREEDY, stop: ['<end>'] }, { next: says('1 < 2 <e') }],
    ['of one token', { ...GREEDY, num_predict: 1 }, { next: says('endless') }],
    ['of num_predict tokens', { ...GREEDY, num_predict: 6 }, { next: says('endless') }],
    ['without tokens', { ...GREEDY, num_predict: 0 }, { next: says('no') }],
    ['by a seed', { ...DRAWN, num_predict: 40 }, { next: babbles }],
    ['with penalties', { ...PENALIZED, num_predict: 40 }, { next: babbles }],
    ['in a context that is shifted', PENALIZED, { next: babbles, contextLength: 26 }],
    ['in one that is full at once', DRAWN, { next: babbles, contextLength: PROMPT.length + 1 }],
    ['in one that keeps all', { ...DRAWN, num_keep: 99 }, { next: babbles, contextLength: 24 }],
    ['in one without shift', { ...DRAWN, shift: false }, { next: babbles, contextLength: 26 }],
    ['of what fits', { ...DRAWN, num_predict: -2 }, { next: babbles, contextLength: 26 }],
  ])('%s', async (_, options, decoder) => {
    for (const each of [undefined, 'ids'] as const) {
      const expected = await outcome(setUp(decoder, each), options);
      expect(expected.chunks[0]!.at(-1)).toMatchObject({ type: 'final' });
      for (const ahead of [1, 3, 8]) {
        const model = setUp({ ...decoder, ahead }, each);
        expect(await outcome(model, options)).toEqual(expected);
        const tokens = expected.chunks.flat().map((c) => (c.type === 'final' ? c.evalTokens : 0));
        expect(model.decoder.chosen.given).toBe(tokens.reduce((sum, count) => sum + count));
      }
    }
  });

  it('with log-probabilities, which only the sampler gives', async () => {
    const options = { ...DRAWN, logprobs: true, num_predict: 5 };
    const model = setUp({ next: babbles, ahead: 3 });
    expect(await outcome(model, options)).toEqual(await outcome(setUp({ next: babbles }), options));
    expect(model.decoder.chosen.given).toBe(0);
  });
});

describe('tokens under way', () => {
  it('are left at a stop string, and cost no evaluation of their own', async () => {
    const model = setUp({ next: says('one STOP two three'), ahead: 5 });
    await read(model, { ...GREEDY, stop: ['STOP'] });
    expect(model.decoder.chosen).toEqual({ given: 8, left: 2 });
    expect(model.prefixes.length).toBe(PROMPT.length + 7);
    expect(model.decoder.evaluated.map(([start]) => start)).toEqual([0, 8, 16]);
  });

  it('are no more than the reply may have', async () => {
    const model = setUp({ next: babbles, ahead: 5, contextLength: 26 });
    await read(model, { ...DRAWN, num_predict: 11 });
    expect(model.decoder.chosen).toEqual({ given: 11, left: 0 });
  });

  it('are left where the reader goes', async () => {
    const model = setUp({ next: babbles, ahead: 5 });
    let tokens = 0;
    for await (const { type } of generate(model, PROMPT, DRAWN, new AbortController().signal)) {
      if (type === 'delta' && ++tokens === 3) break;
    }
    expect(model.decoder.choosing).toBe(0);
    expect(model.decoder.chosen).toEqual({ given: 3, left: 2 });
    expect(model.decoder.cells(model.prefixes.length).slice(0, 19)).toEqual(PROMPT);
  });

  it.each([
    ['while they are chosen', { onEvaluate: (at: number) => at === PROMPT.length + 6 }, 5],
    ['after one was given', { onChosen: (given: number) => given === 2 }, 2],
  ])('are left by a cancel %s', async (_, hooks, tokens) => {
    const controller = new AbortController();
    const aborts = (when?: (at: number) => boolean) => (at: number) => {
      if (when?.(at)) controller.abort();
    };
    const { onEvaluate, onChosen } = hooks as Record<string, (at: number) => boolean>;
    const model = setUp({
      ...{ next: babbles, ahead: 5 },
      onEvaluate: aborts(onEvaluate),
      onChosen: aborts(onChosen),
    });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const chunk of generate(model, PROMPT, DRAWN, controller.signal)) {
        if (chunk.type === 'delta') pieces.push(chunk.content);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    expect(pieces).toHaveLength(tokens);
    expect(model.decoder.choosing).toBe(0);
    expect(model.prefixes.length).toBe(PROMPT.length + tokens - 1);
    expect(model.decoder.cells(model.prefixes.length)).toHaveLength(PROMPT.length + tokens - 1);
  });

  it('are left by an error, which is told, and the next reply is as ever', async () => {
    let fails = true;
    const onChosen = (given: number) => {
      if (fails && given === 3) throw new PaddockError('device_lost', 'Gone.');
    };
    const options = { ...DRAWN, num_predict: 6 };
    const model = setUp({ next: babbles, ahead: 2, onChosen });
    await expect(read(model, options)).rejects.toMatchObject({ code: 'device_lost' });
    expect(model.decoder.choosing).toBe(0);
    fails = false;
    const deltas = (chunks: EngineChunk[]) => chunks.filter(({ type }) => type === 'delta');
    const expected = await read(setUp({ next: babbles }), options);
    expect(deltas(await read(model, options))).toEqual(deltas(expected));
  });
});
