/** Which installed models are offered for a chat, and which one a message goes to. */
import { beforeEach, expect, it, vi } from 'vitest';
import { STARTER } from '#core/starter';
import { models } from '$lib/state/models.svelte';
import { settings } from '$lib/state/settings.svelte';

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
