/** `/api/paddock/count` through the server's door, with the fake engine, whose tokens are words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CountAnswer } from '#core/paddock-api';
import { installed, openHouse, SITE } from '../fixtures/house';

let house: ReturnType<typeof openHouse>;
beforeEach(() => {
  house = openHouse([installed('fake', { system: 'Be brief.' })]);
});
afterEach(() => house.close());

const post = (path: string, body: object, signal?: AbortSignal) =>
  house.handle(new Request(SITE + path, { method: 'POST', body: JSON.stringify(body), signal }));
const count = async (body: object): Promise<CountAnswer> =>
  (await (await post('api/paddock/count', { model: 'fake', ...body })).json()) as CountAnswer;
const load = async (options = {}) => {
  await (await post('api/generate', { model: 'fake', options, stream: false })).text();
};
const user = (content: string) => ({ role: 'user', content });
const said = (content: string) => ({ role: 'assistant', content });
const words = (many: number) => Array.from({ length: many }, () => 'word').join(' ');

describe('count', () => {
  it('loads nothing', async () => {
    expect(await count({ messages: [user('one two')] })).toEqual({ loaded: false });
    const { models } = (await (await house.handle(new Request(`${SITE}api/ps`))).json()) as {
      models: unknown[];
    };
    expect(models).toEqual([]);
  });

  it('tells the tokens that a reply reads, the model’s own system prompt among them', async () => {
    await load();
    const messages = [user('one two'), said('three'), user('/say four')];
    const answer = await count({ messages });
    const reply = (await (
      await post('api/chat', { model: 'fake', messages, stream: false })
    ).json()) as { prompt_eval_count: number };
    expect(answer).toEqual({
      ...{ loaded: true, model: 'fake', prompt_eval_count: reply.prompt_eval_count },
      ...{ context_length: 4096, dropped: 0, cut: false },
    });
  });

  it('tells how many of the oldest messages go, and that one alone is too long', async () => {
    await load({ num_ctx: 10 });
    const options = { num_ctx: 10 };
    const old = [user(words(4)), said(words(3))];
    expect(await count({ options, messages: [...old, user(words(5))] })).toMatchObject({
      ...{ loaded: true, dropped: 1, cut: false, prompt_eval_count: 10 },
    });
    expect(await count({ options, messages: [...old, user(words(20))] })).toMatchObject({
      ...{ dropped: 2, cut: true, prompt_eval_count: 22, context_length: 10 },
    });
  });

  it('is for the context that was asked for', async () => {
    await load({ num_ctx: 10 });
    const answer = await count({ options: { num_ctx: 20 }, messages: [user('one')] });
    expect(answer).toEqual({ loaded: false });
  });

  it('waits for a reply under way, and an abort ends the wait', async () => {
    await load();
    const reply = await post('api/chat', { model: 'fake', messages: [user('/slow')] });
    const reader = reply.body!.getReader();
    await reader.read();
    const gone = new AbortController();
    const messages = [user('one')];
    const waiting = post('api/paddock/count', { model: 'fake', messages }, gone.signal);
    gone.abort();
    expect((await waiting).status).not.toBe(200);
    const patient = count({ messages });
    await reader.cancel();
    expect(await patient).toMatchObject({ loaded: true, prompt_eval_count: 3 });
  });

  it.each([
    [{ messages: [] }, 'messages are required'],
    [{ model: '', messages: [user('one')] }, 'model is required'],
    [{ messages: 'one' }, '"messages" must be an array'],
  ])('refuses %j', async (body, words) => {
    const response = await post('api/paddock/count', { model: 'fake', ...body });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain(words.replaceAll('"', '\\"'));
  });
});
