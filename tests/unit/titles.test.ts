/** Titles by the model: asked of it when it is idle, and of nobody else. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { TITLE_QUESTION, TITLE_TOKENS } from '../../src/lib/core/chat-title';
import { Chat } from '../../src/lib/state/chat.svelte';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { settings } from '../../src/lib/state/settings.svelte';
import { titles } from '../../src/lib/state/titles';
import { readConversations } from '../../src/lib/storage/conversations';
import { asked, closePage, ended, freshPage } from '../fixtures/chat-page';

/** What the model is made to write where it is asked for a title, in the fake engine's words. */
let script = '';

/** Ends the last request for a title. */
let titleSignal: AbortSignal | undefined;

const loaded = vi.hoisted(() => ({ models: ['fake'], writing: [] as string[] }));

vi.mock('$lib/client/ollama', async () => {
  const page = await import('../fixtures/chat-page');
  const openOllama = async (signal?: AbortSignal) => {
    const client = await page.openOllama(signal);
    const chat = client.chat.bind(client) as (request: object) => unknown;
    const scripted = (request: { messages: { role: string; content: string }[] }) => {
      const last = request.messages.at(-1)!;
      if (last.content !== TITLE_QUESTION) return chat(request);
      titleSignal = signal;
      const messages = [...request.messages.slice(0, -1), { ...last, content: script }];
      return chat({ ...request, messages, asTitle: last.content });
    };
    return Object.assign(client, { chat: scripted });
  };
  return { openOllama };
});
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));
vi.mock('$lib/client/paddock', () => ({
  installedModels: async () => [],
  loadedModels: async () =>
    loaded.models.map((name) => ({ name, expires_at: new Date(Date.now() + 300_000).toJSON() })),
  runners: async () => ({
    runners: loaded.models.map((name) => ({
      ...{ name, names: [name] },
      info: { engine: 'fake', contextLength: 4096 },
    })),
    activities: [],
    writing: loaded.writing,
  }),
}));

let chat: Chat;
/** What each wish for a title came to. */
const over: Promise<void>[] = [];
const replied = titles.replied.bind(titles);

beforeEach(async () => {
  titles.stop();
  await freshPage();
  await boot.start();
  vi.stubGlobal('document', { ...document, visibilityState: 'visible' });
  loaded.models = ['fake'];
  loaded.writing = [];
  script = '/say "Colours of the Sky."';
  settings.set('titles', 'model');
  over.length = 0;
  vi.spyOn(titles, 'replied').mockImplementation((...ended) => {
    over.push(replied(...ended));
    return over.at(-1)!;
  });
  chat = new Chat(null);
});

afterAll(() => closePage());

/** Sends it; resolves when the reply has ended, and the wish for a title. */
async function say(text: string) {
  chat.send(text, 'fake');
  await ended(chat);
  await Promise.all(over);
}

const titleAsks = () => asked.filter((request) => 'asTitle' in request);
const record = () => conversations.known(chat.id!)!;

it('after the first reply the model names the chat, and the storage has it', async () => {
  await say('why is it blue');
  expect(record()).toMatchObject({ title: 'Colours of the Sky', titledBy: 'model' });
  await vi.waitFor(async () => {
    const [stored] = await readConversations([chat.id!]);
    expect(stored).toMatchObject({ title: 'Colours of the Sky', titledBy: 'model' });
  });
  await say('and then');
  expect(titleAsks()).toHaveLength(1);
});

it('asks with the chat as it is, so that nothing is read or loaded anew, and for few tokens', async () => {
  chat.set({ system: 'Be brief.', options: { num_ctx: 512, top_k: 3 }, format: '', logprobs: 2 });
  await say('why is it blue');
  const [request] = titleAsks();
  expect(request).toMatchObject({ model: 'fake', think: false, stream: false });
  expect(request!.messages.slice(0, -1)).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'why is it blue' },
    { role: 'assistant', content: chat.turns[1]!.content },
  ]);
  expect(request).toMatchObject({
    options: { num_ctx: 512, top_k: 3, num_predict: TITLE_TOKENS, temperature: 0 },
  });
  for (const field of ['keep_alive', 'format', 'logprobs'])
    expect(request).not.toHaveProperty(field);
});

it.each([
  ['the first words are enough', () => settings.set('titles', 'words')],
  ['the model is not loaded', () => (loaded.models = [])],
  ['another one waits for it', () => (loaded.writing = ['fake'])],
  ['a person named it', () => conversations.rename(chat.id!, 'Mine')],
  ['it is in the trash', () => conversations.remove(chat.id!)],
  [
    'the tab is hidden',
    () => {
      vi.stubGlobal('document', { ...document, visibilityState: 'hidden' });
    },
  ],
])('nothing is asked where %s', async (_, make) => {
  chat.send('why is it blue', 'fake');
  make();
  await ended(chat);
  if (document.visibilityState === 'hidden') {
    await vi.waitFor(() => expect(over).toHaveLength(1));
    titles.stop();
  }
  await Promise.all(over);
  expect(titleAsks()).toEqual([]);
  expect(record().titledBy).not.toBe('model');
});

it('nothing is asked of a slow device', async () => {
  await say('/say one');
  const [question, reply] = chat.turns;
  asked.length = 0;
  conversations.create('another');
  const other = conversations.listed[0]!.id;
  const stats = { ...reply!.stats!, replyTokens: 4, evalMs: 1000 };
  reply!.stats = stats;
  await replied(other, [question!, reply!], { model: 'fake', setup: {} });
  expect(asked).toEqual([]);
  reply!.stats = { ...stats, replyTokens: 6 };
  await replied(other, [question!, reply!], { model: 'fake', setup: {} });
  expect(conversations.known(other)?.titledBy).toBe('model');
});

it('what is no title leaves the first words', async () => {
  script = '/say Sure, here you are';
  await say('why is it blue');
  expect(titleAsks()).toHaveLength(1);
  expect(record()).toMatchObject({ title: 'why is it blue' });
  expect(record().titledBy).toBeUndefined();
});

it('a name that a person gives while the model writes stays', async () => {
  script = '/slow';
  chat.send('why is it blue', 'fake');
  await vi.waitFor(() => expect(titleAsks()).toHaveLength(1));
  conversations.rename(chat.id!, 'Mine');
  titles.stop();
  await Promise.all(over);
  conversations.suggest(chat.id!, 'By the model');
  expect(record()).toMatchObject({ title: 'Mine', titledBy: 'person' });
});

it('who sends something does not wait for a title', async () => {
  script = '/slow';
  chat.send('why is it blue', 'fake');
  await vi.waitFor(() => expect(titleAsks()).toHaveLength(1));
  const titling = over[0]!;
  script = '/say Colours of the sky';
  expect(titleSignal!.aborted).toBe(false);
  chat.send('/say quick', 'fake');
  expect(titleSignal!.aborted).toBe(true); // before anything of the message is sent
  await titling;
  await ended(chat);
  expect(chat.turns.at(-1)!.content).toBe('quick');
  await Promise.all(over);
  expect(record().title).toBe('Colours of the sky');
});
