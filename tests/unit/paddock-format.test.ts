/** Replies of our engine that are held to a format: where they end, and what the rest of a request makes of them. */
import { describe, expect, it } from 'vitest';
import type { EngineChunk, FinalChunk, Format, SamplingOptions } from '#core/engine';
import { generate } from '../../workers/runner/engines/paddock/generate/generate';
import { Prefixes } from '../../workers/runner/engines/paddock/prefixes/prefixes';
import { Grammars } from '../../workers/runner/grammar/grammars';
import { BOS, ByteTokenizer, END } from '../fixtures/byte-tokenizer';
import { FakeDecoder, type FakeDecoderOptions } from '../fixtures/fake-decoder';

const PROMPT = [BOS, ...new TextEncoder().encode('Say it.')];
const SCHEMA = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };

/** Wants these letters, by their order, whatever was chosen; then the end of the text. */
function wants(text: string) {
  const bytes = [...new TextEncoder().encode(text)];
  return (tokens: readonly number[]) => {
    const logits = new Float32Array(300).fill(-5);
    logits[END] = -4;
    // What follows first is likeliest.
    bytes.slice(tokens.length - PROMPT.length).forEach((byte, at) => {
      logits[byte] = Math.max(logits[byte]!, 50 - at);
    });
    if (tokens.length - PROMPT.length >= bytes.length) logits[END] = 60;
    return logits;
  };
}

async function run(
  format: Format | undefined,
  options: FakeDecoderOptions,
  sampling: SamplingOptions = {},
) {
  const decoder = new FakeDecoder(options);
  const tokenizer = new ByteTokenizer(new Array<string>(300 - 258).fill(''));
  const grammars = new Grammars(tokenizer);
  const constraint = format && grammars.constraint(format, undefined, sampling.ignore_eos ?? false);
  const means = { decoder, tokenizer, prefixes: new Prefixes(decoder, 0), constraint };
  const { signal } = new AbortController();
  const all = { temperature: 0, num_predict: 100, ...sampling };
  const deltas: Extract<EngineChunk, { type: 'delta' }>[] = [];
  let final: FinalChunk | undefined;
  for await (const chunk of generate(means, PROMPT, all, signal)) {
    if (chunk.type === 'delta') deltas.push(chunk);
    if (chunk.type === 'final') final = chunk;
  }
  return { text: deltas.map(({ content }) => content).join(''), deltas, final: final!, decoder };
}

describe('a reply of a format', () => {
  it('has what the model wants of what it may', async () => {
    const next = wants('Sure: {"a": 42} is it.');
    expect((await run(undefined, { next })).text).toBe('Sure: {"a": 42} is it.');
    const { text } = await run(SCHEMA, { next });
    expect(text).toMatch(/^\{"a": ?-?\d+\}$/);
  });

  it('ends with the last letter that it can have, before the model says so', async () => {
    const { text, final } = await run(SCHEMA, { next: wants('{"a": 42} and more') });
    expect(text).toBe('{"a": 42}');
    expect(final).toMatchObject({ reason: 'stop', evalTokens: 9 });
  });

  it('does not end before, whatever the model says', async () => {
    const { text, final } = await run(SCHEMA, { next: () => END }, { num_predict: 5 });
    expect(text).toMatch(/^\{"a":/);
    expect(final).toMatchObject({ reason: 'length', evalTokens: 5 });
  });

  it('ends where it may go on, if the model says so', async () => {
    const { text, final } = await run({ type: 'integer' }, { next: wants('7') });
    expect(text).toBe('7');
    expect(final).toMatchObject({ reason: 'stop', evalTokens: 2 });
  });

  it('goes on there with `ignore_eos`, and ends when it is complete', async () => {
    const sampling = { ignore_eos: true };
    const { text, final } = await run({ type: 'integer' }, { next: wants('7') }, sampling);
    expect(text).toMatch(/^7\d{14}$/);
    expect(final.reason).toBe('stop');
  });

  it('is chosen from all logits where the decoder would choose by itself', async () => {
    const next = wants('No! {"a": 1}');
    const free = await run(undefined, { next, ahead: 3 });
    expect(free.decoder.chosen.given).toBeGreaterThan(0);
    const held = await run(SCHEMA, { next, ahead: 3 });
    expect(held.decoder.chosen.given).toBe(0);
    expect(held.text).toMatch(/^\{"a": ?-?\d+\}$/);
  });

  it('is held behind bias and penalties', async () => {
    const letter = 'x'.charCodeAt(0);
    const sampling = { logit_bias: { [letter]: 1000 }, repeat_penalty: 2, presence_penalty: 5 };
    const { text } = await run(SCHEMA, { next: wants('{"a": 1}') }, sampling);
    expect(text).toMatch(/^\{"a": ?-?\d+\}$/);
  });

  it('stops at a stop string', async () => {
    const { text, final } = await run(SCHEMA, { next: wants('{"a": 42}') }, { stop: ['": '] });
    expect(text).toBe('{"a');
    expect(final.reason).toBe('stop');
  });

  it('tells the model’s own probabilities, of what was left too', async () => {
    const sampling = { logprobs: true, top_logprobs: 1 };
    const { deltas } = await run(SCHEMA, { next: wants('Sure') }, sampling);
    const [first] = deltas[0]!.logprobs!;
    expect(first!.token).toBe('{');
    expect(first!.top_logprobs[0]!.token).toBe('S');
    expect(first!.logprob).toBeLessThan(first!.top_logprobs[0]!.logprob - 10);
  });

  it('is the same for one seed', async () => {
    const flat = () => new Float32Array(300);
    const sampling = { temperature: 1, seed: 5, top_k: 0, top_p: 1 };
    const [one, again] = [
      await run('json', { next: flat }, sampling),
      await run('json', { next: flat }, sampling),
    ];
    expect(one.text).toBe(again.text);
    expect(one.text).toMatch(/^\{/);
  });

  it('says so where no token of the vocabulary can go on', async () => {
    const tokenizer = new ByteTokenizer();
    const letters = { ...tokenizer, vocabulary: 258, ends: tokenizer.ends };
    const bytes = (token: number) => (token === 0x7b ? new Uint8Array() : tokenizer.bytes(token));
    const grammars = new Grammars({ ...letters, bytes });
    const constraint = grammars.constraint('json', undefined, false);
    expect(() => constraint.restrict(new Float32Array(258))).toThrow(
      /no token with which the format/,
    );
  });
});
