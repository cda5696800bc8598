/** Images in a chat of a GGUF model: where they stand in its prompt, and what is refused. */
import { expect, it } from 'vitest';
import type { ChatMessage } from '#core/engine';
import { TEMPLATE, testModel } from '../fixtures/gguf-model';

const MARK = '<~>';
const image = (number: number) => Uint8Array.of(number);
const user = (content: string, ...images: Uint8Array<ArrayBuffer>[]): ChatMessage => ({
  role: 'user',
  content,
  ...(images.length > 0 && { images }),
});
const said = (content: string): ChatMessage => ({ role: 'assistant', content });
const seeing = (contextLength = 5000, template = TEMPLATE) =>
  testModel({ imageMark: MARK, contextLength, file: { template } });

it('stand in front of what was said with them, in their order', async () => {
  const model = seeing();
  await model.chat({
    messages: [user('One', image(1)), said('Yes'), user('Two', image(2), image(3)), user('Hi')],
  });
  const [prompt] = model.prompts;
  expect(prompt!.text).toBe(
    `[user: ${MARK}One][assistant: Yes][user: ${MARK}\n${MARK}Two][user: Hi]>`,
  );
  expect(prompt!.images).toEqual([image(1), image(2), image(3)]);
  expect(prompt!.tokens).toBeUndefined();
});

it.each([[[]], [[image(1)]]])('are put nowhere by words: %j', async (images) => {
  const model = seeing();
  const content = `Say ${MARK} and <~${MARK}> twice.`;
  const thinking = `The mark is ${MARK}.`;
  const first: ChatMessage = { ...said(`I said ${MARK}`), thinking };
  await model.chat({ messages: [user('Go', ...images), first, user(content)] });
  expect(model.prompts[0]!.text!.split(MARK)).toHaveLength(1 + images.length);
});

it('that a template leaves out, or writes twice, are refused', async () => {
  const refusal = { code: 'not_supported', message: expect.stringContaining('images') as string };
  for (const template of [
    '{{ messages[-1].role }}',
    '{{ messages[0].content ~ messages[0].content }}',
  ]) {
    const model = seeing(5000, template);
    await expect(model.chat({ messages: [user('Look', image(1))] })).rejects.toMatchObject(refusal);
    expect(model.prompts).toEqual([]);
  }
});

it('are refused by a model that sees none, and where a gap is filled', async () => {
  const refusal = { code: 'not_supported', message: 'This model cannot see images.' };
  const messages = [user('Look', image(1))];
  await expect(testModel().chat({ messages })).rejects.toMatchObject(refusal);
  const filling = seeing().chat({ messages, suffix: 'end' });
  await expect(filling).rejects.toMatchObject(refusal);
});

it('do not go behind a context of tokens', async () => {
  const asked = seeing().chat({ messages: [user('Look', image(1))], context: [65, 66] });
  await expect(asked).rejects.toMatchObject({
    code: 'not_supported',
    message: expect.stringContaining('context') as string,
  });
});

it('give back no context, whose tokens nobody knows', async () => {
  const { final } = await seeing().chat({
    messages: [user('Look', image(1))],
    tellContext: true,
  });
  expect(final).not.toHaveProperty('context');
});

it('count as 768 tokens each where a chat is too long, and the newest stay', async () => {
  const model = seeing(800);
  await model.chat({ messages: [user('Look', image(1)), user('Hi')], truncate: true });
  expect(model.prompts[0]!.images).toEqual([image(1)]);
  const newest = user('And this?', image(2));
  await model.chat({ messages: [user('Look', image(1)), newest], truncate: true });
  expect(model.prompts[1]!.text).toBe(`[user: ${MARK}And this?]>`);
  expect(model.prompts[1]!.images).toEqual([image(2)]);
  // However many: how many tokens they are only the engine knows.
  const many = user('These?', ...[3, 4, 5].map(image));
  await model.chat({ messages: [user('Hi'), many], truncate: true });
  expect(model.prompts[2]!.images).toEqual([3, 4, 5].map(image));
});

it('count as what the engine says they take, where that is more', async () => {
  const size = { imageMark: MARK, contextLength: 3000, imageTokens: 1300 };
  const model = testModel(size);
  const messages = [1, 2, 3].map((number) => user(`Look ${number}`, image(number)));
  const { final } = await model.chat({ messages, truncate: true });
  expect(model.prompts.map(({ images }) => images!.length)).toEqual([3, 2]);
  expect(model.prompts[1]!.images).toEqual([image(2), image(3)]);
  expect(final.type).toBe('final');

  const short = testModel({ ...size, contextLength: 1000 });
  await expect(short.chat({ messages, truncate: true })).rejects.toMatchObject({
    code: 'context_exceeded',
    detail: { contextLength: 1000 },
  });
  // What nobody wants to lose is refused at once.
  const whole = testModel(size);
  await expect(whole.chat({ messages })).rejects.toMatchObject({ code: 'context_exceeded' });
  expect(whole.prompts).toHaveLength(1);
});

it('are not cut out of a message that is too long by itself', async () => {
  const asked = seeing(100).chat({ messages: [user('x'.repeat(200), image(1))], truncate: true });
  await expect(asked).rejects.toMatchObject({
    code: 'context_exceeded',
    detail: { contextLength: 100 },
  });
});
