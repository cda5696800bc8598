/** Which installed models are offered for a chat, and which one a message goes to. */
import { beforeEach, expect, it, vi } from 'vitest';
import { STARTER } from '#core/starter';
import { chatModel, chooseModel } from '$lib/state/chat-model';
import { models } from '$lib/state/models.svelte';
import { settings } from '$lib/state/settings.svelte';
import type { ChatSetup } from '$lib/storage/records';

const installed = vi.hoisted(() => vi.fn<() => { name: string; capabilities?: string[] }[]>());

vi.mock('$lib/client/paddock', () => ({
  installedModels: async () => installed(),
  loadedModels: async () => [],
  runners: async () => ({ runners: [], activity: null, writing: false }),
}));

const VECTORS = { name: 'all-minilm:22m', capabilities: ['embedding'] };
const OTHER = { name: 'qwen3:0.6b', capabilities: ['completion', 'tools'] };
const FIRST = { name: STARTER.name, capabilities: ['completion'] };

beforeEach(() => settings.set('model', null));

it.each([
  ['nothing', [], [], null],
  ['one that embeds alone', [VECTORS], [], null],
  ['one that embeds, newer than one that writes', [VECTORS, OTHER], [OTHER.name], OTHER.name],
  ['the starter too', [VECTORS, OTHER, FIRST], [OTHER.name, FIRST.name], FIRST.name],
  ['one of which nobody says anything', [{ name: 'old' }, VECTORS], ['old'], 'old'],
])('%s', async (_, list, chats, chosen) => {
  installed.mockReturnValue(list);
  await models.refresh();
  expect(models.chats).toEqual(chats);
  expect(models.chosen).toBe(chosen);
});

it('one that embeds is not written to, even where it was chosen', async () => {
  installed.mockReturnValue([VECTORS, OTHER]);
  settings.set('model', VECTORS.name);
  await models.refresh();
  expect(models.chosen).toBe(OTHER.name);
});

/** A chat as far as its model goes. */
function chatWith(id: string | null, setup: ChatSetup = {}) {
  const chat = {
    ...{ id, setup },
    set: (change: Partial<ChatSetup>) => (chat.setup = { ...chat.setup, ...change }),
  };
  return chat;
}

it('a model chosen in a chat is that chat’s alone; one chosen before its first message is for all new ones', async () => {
  installed.mockReturnValue([OTHER, FIRST]);
  await models.refresh();
  const begun = chatWith('a', { model: FIRST.name });
  const fresh = chatWith(null);
  chooseModel(begun, OTHER.name);
  expect(chatModel(begun)).toEqual({ model: OTHER.name, gone: null });
  expect(chatModel(fresh).model).toBe(FIRST.name);
  chooseModel(fresh, OTHER.name);
  expect(chatModel(fresh).model).toBe(OTHER.name);
  chooseModel(begun, FIRST.name);
  expect(chatModel(chatWith(null)).model).toBe(OTHER.name);
});

it('a chat whose model is gone does not take another one by itself, and goes on with one that is chosen', async () => {
  installed.mockReturnValue([OTHER]);
  await models.refresh();
  const chat = chatWith('a', { model: 'mine:latest' });
  expect(chatModel(chat)).toEqual({ model: null, gone: 'mine:latest' });
  chooseModel(chat, OTHER.name);
  expect(chatModel(chat)).toEqual({ model: OTHER.name, gone: null });
});

it('where nothing writes, no chat has a model', async () => {
  installed.mockReturnValue([VECTORS]);
  await models.refresh();
  const chat = chatWith('a', { model: OTHER.name });
  expect(chatModel(chat)).toEqual({ model: null, gone: null });
});
