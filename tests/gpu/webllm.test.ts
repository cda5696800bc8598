/** The tiny MLC model on a real adapter, in a worker as the runner has it. */
import { describe, expect, it } from 'vitest';
import type { ChatMessage, Format, Logprob } from '#core/engine';
import { ask, complete, failure, loadedEngine } from './engine';
import { bytesOf, EXPECTED } from './tiny-mlc';

const GREEDY = { temperature: 0 };
const HELLO = 'hello how are you';

describe('a reply', () => {
  it.each(EXPECTED)('is what was computed for $user', async (expected) => {
    const engine = await loadedEngine();
    const { user, max_tokens, prompt_ids, greedy_ids } = expected;
    const options = { ...GREEDY, num_predict: max_tokens, logprobs: true };
    const { text, final, deltas } = await ask(engine, user, options);
    expect(final).toMatchObject({
      reason: 'length',
      promptTokens: prompt_ids.length,
      evalTokens: max_tokens,
    });
    const tokens = deltas.flatMap(({ logprobs = [] }) => logprobs.map(({ bytes }) => bytes));
    expect(tokens).toEqual(greedy_ids.slice(0, tokens.length).map(bytesOf));
    expect(tokens.length).toBeGreaterThanOrEqual(max_tokens - 1);
    expect(text).toBe(expected.text ?? text);
  });

  it('comes in pieces, its counts and times last', async () => {
    const { deltas, chunks, final } = await ask(await loadedEngine(), HELLO, {
      ...GREEDY,
      num_predict: 12,
    });
    expect(deltas.length).toBeGreaterThan(5);
    expect(chunks.indexOf(final)).toBe(chunks.length - 1);
    expect(final.promptMs).toBeGreaterThan(0);
    expect(final.evalMs).toBeGreaterThan(0);
  });

  it('tells how far a prompt of several pieces is', async () => {
    const { chunks, final } = await ask(await loadedEngine(), EXPECTED[1]!.user, {
      ...GREEDY,
      num_predict: 1,
    });
    const prompts = chunks.filter((chunk) => chunk.type === 'prompt');
    const { cachedTokens, promptTokens: total } = final;
    expect(prompts).toEqual(
      [1, 2].map((piece) => ({ type: 'prompt', evaluated: cachedTokens + 128 * piece, total })),
    );
  });

  it('never ends in the middle of a character, and none is torn', async () => {
    const engine = await loadedEngine();
    // Each byte is a token of its own here.
    const format = { enum: ['é日😀'] };
    const all = '"é日😀"';
    const bytes = new TextEncoder().encode(all).length;
    for (let num_predict = 1; num_predict <= bytes; num_predict++) {
      const { text, deltas } = await ask(engine, HELLO, { ...GREEDY, num_predict }, { format });
      expect(all.startsWith(text)).toBe(true);
      expect(deltas.map(({ content }) => content)).toEqual([...text]);
    }
    expect((await ask(engine, HELLO, GREEDY, { format })).text).toBe(all);
  });

  it('is empty where nothing may be written', async () => {
    const { text, final } = await ask(await loadedEngine(), HELLO, { num_predict: 0 });
    expect(text).toBe('');
    expect(final).toMatchObject({ reason: 'length', evalTokens: 0, promptTokens: 10 });
  });
});

describe('options', () => {
  const seeded = { temperature: 1.5, top_p: 1, num_predict: 16 };

  it('repeat a text by its seed', async () => {
    const engine = await loadedEngine();
    const one = await ask(engine, HELLO, { ...seeded, seed: 11 });
    await ask(engine, HELLO, { ...seeded, seed: 12 });
    const again = await ask(engine, HELLO, { ...seeded, seed: 11 });
    const other = await ask(engine, HELLO, { ...seeded, seed: 13 });
    expect(again.text).toBe(one.text);
    expect(other.text).not.toBe(one.text);
  });

  it('differ without a seed, also after one', async () => {
    const engine = await loadedEngine();
    await ask(engine, HELLO, { ...seeded, seed: 11 });
    const one = await ask(engine, HELLO, seeded);
    await ask(engine, HELLO, { ...seeded, seed: 11 });
    expect((await ask(engine, HELLO, seeded)).text).not.toBe(one.text);
  });

  it('hold a stop string back, and end before it', async () => {
    const engine = await loadedEngine();
    const free = await ask(engine, HELLO, { ...GREEDY, num_predict: 12 });
    const stop = free.text.slice(2, 6);
    const { text, final } = await ask(engine, HELLO, {
      ...{ ...GREEDY, num_predict: 12, stop: ['never', stop] },
    });
    expect(text).toBe(free.text.slice(0, 2));
    expect(final.reason).toBe('stop');
    expect(final.evalTokens).toBeLessThan(free.final.evalTokens);
  });

  it('give back what looked like the beginning of a stop string', async () => {
    const engine = await loadedEngine();
    const free = await ask(engine, HELLO, { ...GREEDY, num_predict: 12 });
    const almost = `${free.text.slice(-1)}!`;
    const { text } = await ask(engine, HELLO, { ...GREEDY, num_predict: 12, stop: [almost] });
    expect(text).toBe(free.text);
  });

  it('penalise, and prefer', async () => {
    const engine = await loadedEngine();
    const letter = 'a'.charCodeAt(0);
    const liked = { ...GREEDY, num_predict: 6, logit_bias: { [letter]: 1.5 } };
    const fixed = await ask(engine, HELLO, { ...liked, logit_bias: { [letter]: 100 } });
    expect(fixed.text).toBe('aaaaaa');
    const free = await ask(engine, HELLO, liked);
    const penalties = [{ repeat_penalty: 50 }, { presence_penalty: 2 }, { frequency_penalty: 2 }];
    for (const penalty of penalties) {
      const { text } = await ask(engine, HELLO, { ...liked, ...penalty });
      expect(text.split('a').length).toBeLessThan(free.text.split('a').length);
    }
  });
});

describe('log-probabilities', () => {
  const options = { ...GREEDY, num_predict: 3, logprobs: true, top_logprobs: 512 };

  it('sum to one over the vocabulary, the likeliest first', async () => {
    const { deltas } = await ask(await loadedEngine(), HELLO, options);
    const places = deltas.flatMap(({ logprobs = [] }) => logprobs);
    expect(places.length).toBeGreaterThan(0);
    for (const { top_logprobs: top, logprob } of places) {
      expect(top).toHaveLength(512);
      expect(total(top)).toBeCloseTo(1, 4);
      expect(top.map((other) => other.logprob)).toEqual(
        top.map((other) => other.logprob).toSorted((a, b) => b - a),
      );
      expect(logprob).toBe(top[0]!.logprob);
    }
  });

  it('are the model’s own, whatever the temperature and the bias', async () => {
    const engine = await loadedEngine();
    const first = async (more: object) => {
      const { deltas } = await ask(engine, HELLO, { ...options, ...more });
      return deltas[0]!.logprobs![0]!.top_logprobs.slice(0, 5).map(({ logprob }) => logprob);
    };
    const plain = await first({});
    expect(await first({ temperature: 2, seed: 3, logit_bias: { 97: 100 } })).toEqual(plain);
  });

  it('are the model’s own beside a format too, which leaves one token', async () => {
    const engine = await loadedEngine();
    const first = async (more: object) => {
      const { deltas } = await ask(engine, HELLO, options, more);
      return deltas[0]!.logprobs![0]!;
    };
    const plain = await first({});
    const formed = await first({ format: { enum: ['yes'] } });
    expect(formed.token).toBe('"');
    expect(formed.top_logprobs).toEqual(plain.top_logprobs);
    const own = plain.top_logprobs.find(({ token }) => token === '"')!;
    expect(formed.logprob).toBe(own.logprob);
    expect(formed.logprob).toBeLessThan(plain.logprob);
  });
});

describe('the context', () => {
  it('that is too small is told with exact counts', async () => {
    const engine = await loadedEngine();
    const error = await failure(ask(engine, 'x '.repeat(400)));
    expect(error.code).toBe('context_exceeded');
    // Three tokens before the text, one that begins it, two behind it.
    expect(error.detail).toEqual({ promptTokens: 806, contextLength: 512 });
  });

  it('ends a reply when it is full', async () => {
    const words = 'x '.repeat(250);
    const { final } = await ask(await loadedEngine(), words, GREEDY);
    expect(final.reason).toBe('length');
    expect(final.promptTokens).toBe(506);
    expect(final.evalTokens).toBe(512 - 506 + 1);
  });

  it('keeps what a chat shares with the one before, and the reply is the same', async () => {
    const engine = await loadedEngine();
    const options = { ...GREEDY, num_predict: 8 };
    const turns: ChatMessage[] = [
      { role: 'user', content: HELLO },
      { role: 'assistant', content: 'well' },
      { role: 'user', content: 'and now' },
    ];
    await ask(engine, 'something else altogether', options);
    const fresh = await ask(engine, turns, options);
    await ask(engine, turns.slice(0, 1), options);
    const warm = await ask(engine, turns, options);
    expect(warm.text).toBe(fresh.text);
    // The four tokens that begin every chat here, and all of the first turn.
    expect(fresh.final.cachedTokens).toBe(4);
    expect(warm.final.cachedTokens).toBe(10);
    expect(warm.final.promptTokens).toBe(fresh.final.promptTokens);
    const again = await ask(engine, turns, options);
    expect(again.text).toBe(fresh.text);
    expect(again.final.cachedTokens).toBe(fresh.final.promptTokens - 1);
  });
});

describe('Continue', () => {
  it('writes what the reply would have had without the break', async () => {
    const engine = await loadedEngine();
    const whole = await ask(engine, HELLO, { ...GREEDY, num_predict: 12 });
    const begun = await ask(engine, HELLO, { ...GREEDY, num_predict: 5 });
    const messages: ChatMessage[] = [
      { role: 'user', content: HELLO },
      { role: 'assistant', content: begun.text },
    ];
    // The fifth token is a part of a character, and comes again.
    const rest = await ask(engine, messages, { ...GREEDY, num_predict: 8 });
    expect(begun.text + rest.text).toBe(whole.text);
    expect(rest.final).toMatchObject({ promptTokens: 10 + 4, cachedTokens: 10 + 3 });
  });

  it('goes on in a text that another wrote', async () => {
    const engine = await loadedEngine();
    const messages: ChatMessage[] = [
      { role: 'user', content: HELLO },
      { role: 'assistant', content: 'I am' },
    ];
    const chat = await ask(engine, messages, { ...GREEDY, num_predict: 6 });
    const prompt = `<|bos|><|system|><|end|><|user|>${HELLO}<|end|><|assistant|>I am`;
    const raw = await complete(engine, { prompt, options: { ...GREEDY, num_predict: 6 } });
    expect(raw.text).toBe(chat.text);
    expect(raw.final.promptTokens).toBe(chat.final.promptTokens);
  });
});

describe('a format', () => {
  it('is JSON by its schema', async () => {
    const format = {
      type: 'object',
      properties: { ok: { type: 'boolean' }, kind: { enum: ['a', 'b'] } },
      required: ['ok', 'kind'],
    };
    const engine = await loadedEngine();
    const seeded = { temperature: 1, num_predict: 100 };
    for (const seed of [1, 2, 3]) {
      const { text, final } = await ask(engine, HELLO, { ...seeded, seed }, { format });
      const value = JSON.parse(text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['ok', 'kind']);
      expect(typeof value.ok).toBe('boolean');
      expect(final.reason).toBe('stop');
    }
  });

  it('may be any JSON object', async () => {
    // Closing what is open is likeliest, so that it ends.
    const bias = Object.fromEntries(['"', '}', ':'].map((sign) => [sign.charCodeAt(0), 60]));
    const { text } = await ask(
      await loadedEngine(),
      HELLO,
      { temperature: 1, seed: 5, num_predict: 100, logit_bias: bias },
      { format: 'json' },
    );
    expect(JSON.parse(text)).toBeTypeOf('object');
  });

  it.each<{ of: string; format: Format }>([
    { of: 'any JSON', format: 'json' },
    {
      of: 'a schema',
      format: { type: 'object', properties: { ok: { type: 'boolean' }, any: {} } },
    },
  ])('ends though the model would write blanks for ever: $of', async ({ format }) => {
    const blanks = Object.fromEntries([' ', '\n', '\t'].map((sign) => [sign.charCodeAt(0), 100]));
    // Behind the blanks, so that no text begins: there blanks are free.
    const closing = { ['}'.charCodeAt(0)]: 60 };
    const { text, final } = await ask(
      await loadedEngine(),
      HELLO,
      { ...GREEDY, num_predict: 40, logit_bias: { ...closing, ...blanks } },
      { format },
    );
    expect(final.reason).toBe('stop');
    expect(JSON.parse(text)).toEqual({});
  });

  it('that is no schema is refused, and the next reply is not hurt', async () => {
    const engine = await loadedEngine();
    const error = await failure(ask(engine, HELLO, {}, { format: { type: 'nonsense' } }));
    expect(error.code).toBe('bad_request');
    const { text } = await ask(engine, HELLO, { ...GREEDY, num_predict: 12 });
    expect(text).toBe(EXPECTED[0]!.text);
  });
});

it('tools are refused by a model that learned none', async () => {
  const tools = [{ name: 'add', parameters: { type: 'object' } }];
  const refused = await failure(ask(await loadedEngine(), HELLO, GREEDY, { tools }));
  expect(refused.code).toBe('not_supported');
});

describe('a stop', () => {
  it('ends the reply, and the next one is right', async () => {
    const engine = await loadedEngine();
    const controller = new AbortController();
    const call = engine.call(
      'chat',
      { messages: [{ role: 'user', content: HELLO }], options: GREEDY },
      { signal: controller.signal },
    );
    const error = await failure(
      (async () => {
        for await (const chunk of call) if (chunk.type === 'delta') controller.abort();
      })(),
    );
    expect(error.name).toBe('AbortError');
    const { text } = await ask(engine, HELLO, { ...GREEDY, num_predict: 12 });
    expect(text).toBe(EXPECTED[0]!.text);
  });
});

function total(all: readonly Logprob[]): number {
  return all.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
}
