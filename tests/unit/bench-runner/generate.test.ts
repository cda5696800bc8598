/** What a benchmark asks of Paddock's own loop: each token told, ends passed over, nothing from a cache. */
import { describe, expect, it } from 'vitest';
import type { CompleteParams, DeltaChunk, EngineChunk } from '#core/engine';
import { generate } from '../../../workers/runner/engines/paddock/generate/generate';
import { Prefixes } from '../../../workers/runner/engines/paddock/prefixes/prefixes';
import { ByteTokenizer, END } from '../../fixtures/byte-tokenizer';
import { FakeDecoder } from '../../fixtures/fake-decoder';

const PROMPT = [1, 2, 3, 4];
const SAID = [...new TextEncoder().encode('é'), END, 65, 66];

function setUp(tokens = SAID) {
  const decoder = new FakeDecoder({
    next: (text) => tokens[text.length - PROMPT.length] ?? END,
  });
  return { decoder, tokenizer: new ByteTokenizer(), prefixes: new Prefixes(decoder, 100_000) };
}

async function run(
  model: ReturnType<typeof setUp>,
  { options, each }: Pick<CompleteParams, 'options' | 'each'>,
  prompt = PROMPT,
) {
  const chunks: EngineChunk[] = [];
  const asked = { ...options, temperature: 0 };
  const reply = generate({ ...model, each }, prompt, asked, new AbortController().signal);
  for await (const chunk of reply) chunks.push(chunk);
  const deltas = chunks.filter((chunk): chunk is DeltaChunk => chunk.type === 'delta');
  const final = chunks.at(-1)!;
  if (final.type !== 'final') throw new Error('the reply has no end');
  return { deltas, final };
}

describe('each token', () => {
  it('is told by its number, one without text and the one that ends it too', async () => {
    const { deltas, final } = await run(setUp(), { options: {}, each: 'ids' });
    expect(deltas).toEqual([
      { type: 'delta', content: '', tokens: 1, ids: [SAID[0]] },
      { type: 'delta', content: 'é', tokens: 1, ids: [SAID[1]] },
      { type: 'delta', content: '', tokens: 1, ids: [END] },
    ]);
    expect(final.evalTokens).toBe(3);
  });

  it('is counted once, whatever was held back', async () => {
    const { deltas, final } = await run(setUp([65, 66]), {
      ...{ options: { stop: ['ABC'] }, each: 'count' },
    });
    expect(deltas.map(({ tokens }) => tokens)).toEqual([1, 1, 1, 0]);
    expect(deltas.map(({ content }) => content).join('')).toBe('AB');
    expect(deltas.every(({ ids }) => ids === undefined)).toBe(true);
    expect(final.evalTokens).toBe(3);
  });

  it('is not told where nobody asks', async () => {
    const { deltas } = await run(setUp(), { options: {} });
    expect(deltas).toEqual([{ type: 'delta', content: 'é' }]);
  });
});

it('a token that ends a text is passed over where it is to be ignored', async () => {
  const options = { ignore_eos: true, num_predict: 5 };
  const { deltas, final } = await run(setUp(), { options, each: 'ids' });
  expect(deltas.flatMap(({ ids }) => ids)).toEqual(SAID);
  expect(final).toMatchObject({ reason: 'length', evalTokens: 5 });
});

it('nothing is taken from a cache, and what was evaluated may stay for the next', async () => {
  const model = setUp();
  const options = { num_predict: 1 };
  await run(model, { options });
  expect((await run(model, { options })).final.cachedTokens).toBe(3);
  const fresh = await run(model, { options: { ...options, cache_prompt: false } });
  expect(fresh.final.cachedTokens).toBe(0);
  expect(model.decoder.evaluated.at(-1)).toEqual([0, PROMPT]);
  expect((await run(model, { options }, [...PROMPT, 5])).final.cachedTokens).toBe(4);
});
