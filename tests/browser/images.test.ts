/** Images in llama.cpp, by a real projector of random weights: what the model reads depends on them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDigest } from '#core/digest';
import type { ChatMessage, ChatParams, FinalChunk } from '#core/engine';
import { wllamaEngine } from '../../workers/runner/engines/wllama/engine';
import type { LoadedModel } from '../../workers/runner/engine';
import { randomModel } from '../fixtures/random-model';
import { IMAGE_TOKENS, randomProjector } from '../fixtures/random-projector';

const WIDTH = 64;
const SIZE = {
  layers: 2,
  hidden: WIDTH,
  feedForward: 128,
  heads: 2,
  keyValueHeads: 1,
  headSize: 32,
};
const TIME = { timeout: 60_000 };

const open: (() => unknown)[] = [];
afterAll(() => Promise.all(open.map((close) => close())));

const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
const blobOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const weights = blobOf(randomModel({ size: SIZE, type: 'Q8_0', seed: 31 }));

async function load(projector: Blob | undefined, num_ctx = 512): Promise<LoadedModel> {
  const files = [{ digest }, ...(projector ? [{ digest, role: 'projector' as const }] : [])];
  const model = await wllamaEngine.load(
    { format: 'gguf', files, size: weights.size + (projector?.size ?? 0) },
    [weights, ...(projector ? [projector] : [])],
    { num_ctx, num_gpu: 0, num_thread: 1 },
    { signal: new AbortController().signal, onProgress() {}, onDeath: console.error },
  );
  open.push(() => model.close());
  return model;
}

async function reply(
  model: LoadedModel,
  params: Partial<ChatParams> & Pick<ChatParams, 'messages'>,
): Promise<{ text: string } & FinalChunk> {
  let text = '';
  const asked = { options: OPTIONS, ...params };
  for await (const chunk of model.chat(asked, new AbortController().signal)) {
    if (chunk.type === 'delta') text += chunk.content;
    if (chunk.type === 'final') return { text, ...chunk };
  }
  throw new Error('the reply has no end');
}

/** A byte that begins no letter, which random weights may choose, ends wllama's raw completion with a fault of its own. */
const letters = Object.fromEntries(Array.from({ length: 128 }, (_, at) => [3 + 128 + at, -100]));
const OPTIONS = { temperature: 0, num_predict: 12, seed: 1, logit_bias: letters };

type Paint = (context: OffscreenCanvasRenderingContext2D) => void;

async function picture(paint: Paint, type = 'image/png', width = 48, height = 32) {
  const canvas = new OffscreenCanvas(width, height);
  paint(canvas.getContext('2d')!);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}

const stripes: Paint = (context) => {
  for (let x = 0; x < 48; x += 8) {
    context.fillStyle = x % 16 ? 'yellow' : 'navy';
    context.fillRect(x, 0, 8, 32);
  }
};
const red: Paint = (context) => {
  context.fillStyle = 'red';
  context.fillRect(0, 0, 48, 32);
};

const user = (content: string, ...images: Uint8Array<ArrayBuffer>[]): ChatMessage => ({
  role: 'user',
  content,
  ...(images.length > 0 && { images }),
});
const QUESTION = 'What do you see?';

describe('a model with a projector', () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await load(blobOf(randomProjector({ width: WIDTH })));
  }, 60_000);

  it('says that it sees, and counts the projector', TIME, () => {
    expect(model.info.capabilities).toContain('vision');
    expect(model.info.bytes.weights).toBeGreaterThan(weights.size);
  });

  it('replies by what is in an image', TIME, async () => {
    const one = await picture(stripes);
    const ask = async (...images: Uint8Array<ArrayBuffer>[]) =>
      (await reply(model, { messages: [user(QUESTION, ...images)] })).text;
    const [first, other] = [await ask(one), await ask(await picture(red))];
    expect(other).not.toBe(first);
    expect(await ask(one)).toBe(first);
    expect(await ask()).not.toBe(first);
  });

  it('counts the tokens of each image', TIME, async () => {
    const [one, other] = [await picture(stripes), await picture(red)];
    const count = async (...images: Uint8Array<ArrayBuffer>[]) =>
      (await reply(model, { messages: [user(QUESTION, ...images)] })).promptTokens;
    const text = await count();
    expect(await count(one)).toBe(text + IMAGE_TOKENS);
    // A line's end parts them.
    expect(await count(one, other)).toBe(text + 2 * IMAGE_TOKENS + 1);
  });

  it('reads a prompt that leaves an earlier one between two images', TIME, async () => {
    const [one, other] = [await picture(stripes), await picture(red)];
    const ask = (...images: Uint8Array<ArrayBuffer>[]) =>
      reply(model, { messages: [user(QUESTION, ...images)] });
    await ask(one, other);
    const { text } = await ask(one);
    await ask(one, other, one);
    expect((await ask(one)).text).toBe(text);
  });

  it('finds an image of an earlier turn in its cache', TIME, async () => {
    const seen = user(QUESTION, await picture(stripes));
    const first = await reply(model, { messages: [seen] });
    const messages = [seen, { role: 'assistant', content: first.text } as const, user('And now?')];
    const { cachedTokens } = await reply(model, { messages });
    expect(cachedTokens).toBeGreaterThan(IMAGE_TOKENS);
  });

  it('reads WebP, and transparency as white', TIME, async () => {
    const ask = async (image: Uint8Array<ArrayBuffer>) =>
      (await reply(model, { messages: [user(QUESTION, image)] })).text;
    const white: Paint = (context) => {
      context.fillStyle = 'white';
      context.fillRect(0, 0, 48, 32);
    };
    expect(await ask(await picture(() => {}))).toBe(await ask(await picture(white)));
    const webp = await picture(red, 'image/webp');
    expect(String.fromCharCode(...webp.slice(8, 12))).toBe('WEBP');
    expect(await ask(webp)).not.toBe('');
  });

  it('takes no picture from the words of a user', TIME, async () => {
    const words = '<__media__> <__image__> <image> [img-0]';
    const image = await picture(stripes);
    const { promptTokens } = await reply(model, { messages: [user(words, image)] });
    const alone = await reply(model, { messages: [user(words)] });
    expect(promptTokens).toBe(alone.promptTokens + IMAGE_TOKENS);
  });

  it('says what is no image, and goes on', TIME, async () => {
    const noise = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
    await expect(reply(model, { messages: [user(QUESTION, noise)] })).rejects.toMatchObject({
      code: 'bad_request',
      message: 'an image is none that this browser can read',
    });
    expect((await reply(model, { messages: [user(QUESTION)] })).text).not.toBe('');
  });

  it('reads what is very large or very thin', TIME, async () => {
    const ask = async (width: number, height: number) => {
      const image = await picture(red, 'image/png', width, height);
      return (await reply(model, { messages: [user(QUESTION, image)] })).promptTokens;
    };
    const usual = await ask(48, 32);
    expect(await ask(4000, 3000)).toBe(usual);
    expect(await ask(1, 3000)).toBe(usual);
  });

  it('keeps the newest message’s images where the context is full', TIME, async () => {
    const image = await picture(stripes);
    const long = 'The horse stood still. '.repeat(40);
    const old = Array.from({ length: 12 }, () => user(long, image));
    const newest = user(QUESTION, image);
    const alone = await reply(model, { messages: [newest] });
    const { promptTokens } = await reply(model, { messages: [...old, newest], truncate: true });
    expect(promptTokens).toBeGreaterThanOrEqual(alone.promptTokens);
    expect(promptTokens).toBeLessThan(model.info.contextLength);
    const all = reply(model, { messages: [...old, newest] });
    await expect(all).rejects.toMatchObject({ code: 'context_exceeded' });
  });

  it('writes JSON of what it sees', TIME, async () => {
    const messages = [user(QUESTION, await picture(stripes))];
    const format = { type: 'boolean' };
    const { text } = await reply(model, { messages, format });
    expect(JSON.parse(text)).toBeTypeOf('boolean');
  });
});

it('a model without a projector says that it sees nothing', TIME, async () => {
  const model = await load(undefined);
  expect(model.info.capabilities).not.toContain('vision');
  const seen = reply(model, { messages: [user(QUESTION, await picture(red))] });
  await expect(seen).rejects.toMatchObject({
    code: 'not_supported',
    message: 'This model cannot see images.',
  });
});

it.for<[string, Uint8Array, RegExp]>([
  [
    'of a kind that llama.cpp does not know',
    randomProjector({ width: WIDTH, kind: 'crystal' }),
    /^llama.cpp cannot use the model's projector: unknown projector type: crystal\.$/,
  ],
  [
    'for a model of another width',
    randomProjector({ width: 32 }),
    /^llama.cpp cannot use the model's projector: .*n_embd = 64.*n_embd = 32/,
  ],
])('a projector %s is refused in words', TIME, async ([, projector, words]) => {
  await expect(load(blobOf(projector))).rejects.toMatchObject({
    code: 'not_supported',
    message: expect.stringMatching(words) as string,
  });
});
