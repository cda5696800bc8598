import { describe, expect, it } from 'vitest';
import type { EngineChunk, FinalChunk, SamplingOptions } from '#core/engine';
import { generate } from '../../workers/runner/engines/paddock/generate/generate';
import { Prefixes } from '../../workers/runner/engines/paddock/prefixes/prefixes';
import { BOS, ByteTokenizer, END, PIECES } from '../fixtures/byte-tokenizer';
import { FakeDecoder, type FakeDecoderOptions } from '../fixtures/fake-decoder';

const GREEDY: SamplingOptions = { temperature: 0 };
const PROMPT = [BOS, ...new TextEncoder().encode('What is 6 times 7?')];

function setUp(options: FakeDecoderOptions = {}, pieces: string[] = []) {
  const decoder = new FakeDecoder(options);
  const tokenizer = new ByteTokenizer(pieces);
  return { decoder, tokenizer, prefixes: new Prefixes(decoder, 100_000) };
}

/** Says these tokens after a prompt of `after` tokens. */
function says(tokens: number[], after = PROMPT.length) {
  return (text: readonly number[]) => tokens[text.length - after] ?? END;
}

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

async function read(chunks: AsyncIterable<EngineChunk>) {
  const pieces: string[] = [];
  const progress: [evaluated: number, total: number][] = [];
  let final: FinalChunk | undefined;
  for await (const chunk of chunks) {
    expect(final).toBeUndefined();
    if (chunk.type === 'delta') pieces.push(chunk.content);
    else if (chunk.type === 'prompt') {
      expect(pieces).toEqual([]);
      progress.push([chunk.evaluated, chunk.total]);
    } else final = chunk;
  }
  return { pieces, text: pieces.join(''), progress, final: final! };
}

function run(model: ReturnType<typeof setUp>, options: SamplingOptions = {}, prompt = PROMPT) {
  const { signal } = new AbortController();
  return read(generate(model, prompt, { ...GREEDY, ...options }, signal));
}

describe('a reply', () => {
  it('is the tokens up to the one that ends it, with the counts', async () => {
    const model = setUp({ next: says(bytesOf('It is 42.')) });
    const { text, final } = await run(model);
    expect(text).toBe('It is 42.');
    expect(final).toMatchObject({
      type: 'final',
      reason: 'stop',
      promptTokens: PROMPT.length,
      cachedTokens: 0,
      evalTokens: 10,
    });
    expect(final.promptMs).toBeGreaterThanOrEqual(0);
    expect(final.evalMs).toBeGreaterThanOrEqual(0);
  });

  it('evaluates the prompt in chunks, then token by token, and tells how far the prompt is', async () => {
    const model = setUp({ chunk: 8, next: says(bytesOf('ab')) });
    const { progress } = await run(model);
    const sizes = model.decoder.evaluated.map(([start, { length }]) => [start, length]);
    expect(sizes).toEqual([
      [0, 8],
      [8, 8],
      [16, 3],
      [19, 1],
      [20, 1],
    ]);
    expect(progress).toEqual([
      [8, 19],
      [16, 19],
    ]);
  });

  it('never splits a character, and gives no text for control tokens', async () => {
    const model = setUp({ next: says([...bytesOf('é'), BOS, ...bytesOf('👋')]) });
    expect((await run(model)).pieces).toEqual(['é', '👋']);
  });

  it('ends before a stop string, across tokens and within one', async () => {
    const across = setUp({ next: says(bytesOf('one\nUser: two')) });
    const { text, final } = await run(across, { stop: ['\nUser:', 'zzz'] });
    expect(text).toBe('one');
    expect(final).toMatchObject({ reason: 'stop', evalTokens: 9 });
    const within = setUp({ next: says([PIECES]) }, ['one. STOP two']);
    expect((await run(within, { stop: ['STOP'] })).text).toBe('one. ');
  });

  it('gives out what was held back at the end', async () => {
    const model = setUp({ next: says(bytesOf('1 < 2 <e')) });
    expect((await run(model, { stop: ['<end>'] })).text).toBe('1 < 2 <e');
    expect((await run(model, { stop: ['<end>'], num_predict: 3 })).text).toBe('1 <');
  });

  it('ends at num_predict, and evaluates the last token no more', async () => {
    const model = setUp({ next: says(bytesOf('endless')) });
    const { text, final } = await run(model, { num_predict: 3 });
    expect(text).toBe('end');
    expect(final).toMatchObject({ reason: 'length', evalTokens: 3 });
    expect(model.decoder.evaluated.at(-1)).toEqual([20, bytesOf('n')]);
  });

  it('only evaluates the prompt with num_predict 0', async () => {
    const model = setUp({ next: says(bytesOf('no')) });
    const { text, final } = await run(model, { num_predict: 0 });
    expect(text).toBe('');
    expect(final).toMatchObject({ reason: 'length', evalTokens: 0, promptTokens: 19 });
    expect(model.prefixes.length).toBe(19);
  });

  it('is empty for a prompt without tokens', async () => {
    const { text, final } = await run(setUp(), {}, []);
    expect(text).toBe('');
    expect(final).toMatchObject({ reason: 'stop', promptTokens: 0, evalTokens: 0 });
  });

  it('is the same with the same seed', async () => {
    const flat = () => new Float32Array(258).fill(0, 97, 123).fill(-20, 0, 97).fill(-20, 123);
    const options = { temperature: 1, num_predict: 40 };
    const once = async (seed: number) =>
      (await run(setUp({ next: flat }), { ...options, seed })).text;
    expect(await once(3)).toBe(await once(3));
    expect(await once(3)).not.toBe(await once(4));
  });

  it('penalises what the prompt says', async () => {
    const [w, x] = [bytesOf('W')[0]!, bytesOf('x')[0]!];
    const next = () => new Float32Array(258).fill(5, w, w + 1).fill(4, x, x + 1);
    const options = { num_predict: 1, repeat_last_n: 64 };
    expect((await run(setUp({ next }), options)).text).toBe('W');
    expect((await run(setUp({ next }), { ...options, repeat_penalty: 1.5 })).text).toBe('x');
    const short = { ...options, repeat_penalty: 1.5, repeat_last_n: 4 };
    expect((await run(setUp({ next }), short)).text).toBe('W');
  });

  it('penalises what the reply itself says', async () => {
    const next = () => new Float32Array(258).fill(5, 97, 98).fill(4, 98, 99).fill(3, 99, 100);
    const options = { num_predict: 3, presence_penalty: 4 };
    expect((await run(setUp({ next }), options, [BOS])).text).toBe('abc');
    expect((await run(setUp({ next }), { num_predict: 3 }, [BOS])).text).toBe('aaa');
  });

  it('carries log-probabilities with its pieces', async () => {
    const model = setUp({ chunk: 32, next: says([97, END]) });
    const { signal } = new AbortController();
    const options = { ...GREEDY, logprobs: true, top_logprobs: 1 };
    const first = await generate(model, PROMPT, options, signal).next();
    expect(first.value).toMatchObject({
      type: 'delta',
      content: 'a',
      logprobs: [{ token: 'a', bytes: [97], top_logprobs: [{ token: 'a', bytes: [97] }] }],
    });
  });
});

describe('prefixes of a chat', () => {
  it('spare the earlier turns, the reply included', async () => {
    const model = setUp({ next: says(bytesOf('42.')) });
    const first = await run(model);
    expect(first.final).toMatchObject({ promptTokens: 19, cachedTokens: 0 });
    const second = await run(model, {}, [...PROMPT, ...bytesOf('42.'), END, ...bytesOf('\nSure?')]);
    expect(second.final).toMatchObject({ promptTokens: 29, cachedTokens: 22 });
    const again = await run(model);
    expect(again.final).toMatchObject({ promptTokens: 19, cachedTokens: 18 });
    expect(again.text).toBe(first.text);
  });

  it('count as read from the first progress on', async () => {
    const model = setUp({ chunk: 8, next: says([END]) });
    await run(model, {}, PROMPT.slice(0, 5));
    expect((await run(model)).progress).toEqual([[13, 19]]);
  });
});

describe('a full context', () => {
  it('refuses a prompt that leaves no room', async () => {
    await expect(run(setUp({ contextLength: 19 }))).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 19, contextLength: 19 },
    });
    const model = setUp({ contextLength: 20, next: says([END]) });
    expect((await run(model)).final.reason).toBe('stop');
  });

  it('drops half of what is behind the tokens to keep, and goes on', async () => {
    const model = setUp({ contextLength: 24, next: () => 97 });
    const { text, final } = await run(model, { num_predict: 20 });
    expect(text).toBe('a'.repeat(20));
    expect(final).toMatchObject({ reason: 'length', evalTokens: 20 });
    // num_keep is 4 and the beginning of text: of the 19 behind them 9 go.
    expect(model.decoder.shifts).toEqual([
      [5, 14, 24],
      [5, 14, 24],
    ]);
    const starts = model.decoder.evaluated.slice(3).map(([start]) => start);
    expect(starts).toEqual([
      19, 20, 21, 22, 23, 15, 16, 17, 18, 19, 20, 21, 22, 23, 15, 16, 17, 18, 19,
    ]);
    expect(model.decoder.cells(5)).toEqual(PROMPT.slice(0, 5));
  });

  it.each([
    [0, [1, 12]],
    [8, [9, 16]],
    [-1, [19, 21]],
    [99, [23, 24]],
  ])('with num_keep %i drops from and to %j', async (num_keep, [from, to]) => {
    const model = setUp({ contextLength: 24, next: () => 97 });
    await run(model, { num_predict: 7, num_keep });
    expect(model.decoder.shifts[0]).toEqual([from, to, 24]);
  });

  it('counts no beginning of text where the prompt has none', async () => {
    const model = setUp({ contextLength: 24, next: () => 97 });
    await run(model, { num_predict: 7 }, PROMPT.slice(1).concat(97));
    expect(model.decoder.shifts[0]).toEqual([4, 14, 24]);
  });

  it('ends the reply without shift, and with num_predict of -2', async () => {
    for (const options of [{ shift: false }, { num_predict: -2 }]) {
      const model = setUp({ contextLength: 24, next: () => 97 });
      const { final } = await run(model, options);
      // Five fill the context; the sixth has its logits from the last of them.
      expect(final).toMatchObject({ reason: 'length', evalTokens: 6 });
      expect(model.decoder.shifts).toEqual([]);
    }
  });

  it('ends a reply that never ends after ten contexts', async () => {
    const model = setUp({ contextLength: 24, next: () => 97 });
    expect((await run(model)).final).toMatchObject({ reason: 'length', evalTokens: 240 });
  });
});

describe('a cancel', () => {
  it('before the first token evaluates nothing', async () => {
    const model = setUp();
    const chunks = generate(model, PROMPT, GREEDY, AbortSignal.abort());
    await expect(read(chunks)).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    expect(model.decoder.evaluated).toEqual([]);
  });

  it('in the prompt stops there, and what was evaluated before it counts next time', async () => {
    const controller = new AbortController();
    const model = setUp({
      next: says([END]),
      onEvaluate: (start) => {
        if (start === 8) controller.abort();
      },
    });
    const chunks = generate(model, PROMPT, GREEDY, controller.signal);
    await expect(read(chunks)).rejects.toMatchObject({ code: 'aborted' });
    expect(model.decoder.evaluated.map(([start]) => start)).toEqual([0, 8]);
    expect((await run(model)).final.cachedTokens).toBe(8);
  });

  it('in the reply sends no further token', async () => {
    const controller = new AbortController();
    const model = setUp({
      next: () => 97,
      onEvaluate: (start) => {
        if (start === PROMPT.length + 2) controller.abort();
      },
    });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const chunk of generate(model, PROMPT, GREEDY, controller.signal)) {
        if (chunk.type === 'delta') pieces.push(chunk.content);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    expect(pieces).toEqual(['a', 'a', 'a']);
    expect(model.prefixes.length).toBe(PROMPT.length + 2);
  });

  it('that comes as a message is seen between two tokens', async () => {
    const controller = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => controller.abort();
    const model = setUp({
      next: () => 97,
      onEvaluate: () => expect(controller.signal.aborted).toBe(false),
    });
    let tokens = 0;
    const reading = (async () => {
      for await (const chunk of generate(model, PROMPT, GREEDY, controller.signal)) {
        if (chunk.type === 'delta' && ++tokens === 3) port2.postMessage('cancel');
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    port1.close();
    expect(tokens).toBeLessThan(6);
  });

  it('fifty times, in prompts and replies, leaves no growth', async () => {
    let controller = new AbortController();
    let at = 0;
    const model = setUp({
      next: () => 97,
      onEvaluate: (start) => {
        if (start >= at) controller.abort();
      },
    });
    const chats = [0, 1].map((kind) => [kind, ...Array.from({ length: 80 }, (_, n) => n)]);
    const kept: number[] = [];
    for (let round = 0; round < 50; round++) {
      controller = new AbortController();
      at = round % 4 < 2 ? 90 : 75;
      const chunks = generate(model, chats[round % 2]!, GREEDY, controller.signal);
      await expect(read(chunks)).rejects.toMatchObject({ code: 'aborted' });
      kept.push(model.prefixes.keptBytes);
    }
    expect(kept[3]).toBeGreaterThan(0);
    expect(Math.max(...kept.slice(4))).toBeLessThanOrEqual(Math.max(...kept.slice(0, 4)));
  });
});
