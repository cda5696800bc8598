/** The commands: which keys they have, when they can be done, and what the palette finds of them. */
import 'fake-indexeddb/auto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENGLISH, speakBy } from '#core/language';
import { catalogue } from '#core/messages/de.late';
import { Chat } from '../../src/lib/state/chat.svelte';
import { chats } from '../../src/lib/state/chats.svelte';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { keysOf } from '../../src/lib/ui/commands/command';
import { COMMANDS, commandOf } from '../../src/lib/ui/commands/commands';
import { here } from '../../src/lib/ui/commands/here.svelte';
import { overlays } from '../../src/lib/ui/commands/overlay.svelte';
import { pressedCommand, type Place } from '../../src/lib/ui/commands/keyboard';
import { sectionsFor } from '../../src/lib/ui/commands/palette-items';
import { closePage, ended, freshPage } from '../fixtures/chat-page';

vi.mock('$lib/client/ollama', () => import('../fixtures/chat-page'));
const went: string[] = [];
vi.mock('../../src/lib/ui/commands/go', () => ({
  go: (path: string) => went.push(path),
  goToChat: (id: string) => went.push(id),
  goToNewChat: () => went.push('new'),
}));
vi.mock('../../src/lib/ui/shell/delete-chat', () => ({ deleteChat: () => {} }));
vi.mock('$app/state', () => ({ page: { route: { id: '/models' } } }));

const WRITING: Place = { mac: false, typing: true, emptyMessage: false, plain: true };
const READING: Place = { ...WRITING, typing: false };
let leave: (() => void) | undefined;

function press(key: string, ...held: string[]) {
  const [ctrlKey, shiftKey] = [held.includes('ctrl'), held.includes('shift')];
  const code = `Key${key.toUpperCase()}`;
  return { key, code, ctrlKey, shiftKey, metaKey: false, altKey: held.includes('alt') };
}

function idOf(key: string, place: Place, ...held: string[]) {
  return pressedCommand(COMMANDS, press(key, ...held), place)?.id;
}

async function chatWith(text: string): Promise<Chat> {
  const chat = new Chat(null);
  chat.send(text, 'fake');
  chats.settle(chat);
  leave = here.enter(chat, 'fake');
  await ended(chat);
  return chat;
}

beforeEach(freshPage);
afterEach(() => {
  speakBy(() => ENGLISH);
  leave?.();
  went.length = 0;
});
afterAll(closePage);

describe('shortcuts', () => {
  it('are the keys of one command each, but for Escape, and none that browsers keep', () => {
    for (const mac of [true, false]) {
      const all = COMMANDS.flatMap((command) => keysOf(command, mac));
      const often = all.filter((keys) => keys !== 'Escape');
      expect(new Set(often).size).toBe(often.length);
      for (const kept of ['N', 'T', 'W', 'Shift+N', 'Shift+T', 'Shift+W', 'L', 'R', 'Tab'])
        expect(all).not.toContain(`Mod+${kept}`);
    }
  });

  it('of one key mean nothing while somebody types, or wants none of them', () => {
    expect(idOf('?', READING, 'shift')).toBe('shortcuts');
    expect(idOf('?', WRITING, 'shift')).toBeUndefined();
    expect(idOf('?', { ...READING, plain: false }, 'shift')).toBeUndefined();
    expect(idOf('/', WRITING, 'ctrl')).toBe('shortcuts');
    expect(idOf('k', WRITING, 'ctrl')).toBe('palette');
  });

  it('edit the last message from an empty box alone', async () => {
    const chat = await chatWith('/say One.');
    expect(idOf('ArrowUp', WRITING)).toBeUndefined();
    expect(idOf('ArrowUp', { ...WRITING, emptyMessage: true })).toBe('edit');
    commandOf('edit')?.run();
    expect(chat.unsent.editing).toEqual({ id: chat.turns[0]?.id, text: '/say One.' });
    expect(commandOf('edit')?.possible()).toBe(false);
  });

  it('stop a reply while there is one', async () => {
    const chat = new Chat(null);
    leave = here.enter(chat, 'fake');
    expect(idOf('Escape', WRITING)).toBeUndefined();
    chat.send('/slow', 'fake');
    await vi.waitFor(() => expect(chat.turns.at(-1)?.content).toContain('w1'));
    expect(idOf('Escape', WRITING)).toBe('stop');
    commandOf('stop')?.run();
    await ended(chat);
    expect(chat.turns.at(-1)?.state).toBe('stopped');
    expect(idOf('Escape', WRITING)).toBeUndefined();
  });

  it('go to the chat above and below as they are listed', async () => {
    const ids = [];
    for (const text of ['/say A', '/say B', '/say C']) ids.push((await chatWith(text)).id);
    conversations.pin(ids[0]!, true); // it is the first now, before C and B
    leave = here.enter(chats.open(ids[2]!), 'fake');
    commandOf('next')?.run();
    commandOf('previous')?.run();
    expect(went).toEqual([ids[1], ids[0]]);
    leave = here.enter(chats.open(ids[0]!), 'fake');
    expect(commandOf('previous')?.possible()).toBe(false);
  });
});

describe('the palette', () => {
  const labels = (query: string, title = 'Commands') =>
    sectionsFor(query, null)
      .find((section) => section.title === title)
      ?.items.map(({ snippet }) => snippet.text) ?? [];

  it('finds commands by all words of their names, and then by other words', () => {
    expect(labels('them dark')[0]).toBe('Dark theme');
    expect(labels('appearance')).toContain('Dark theme');
    expect(labels('cha ren').at(0)).toBeUndefined(); // no chat is shown
    expect(labels('zebra')).toEqual([]);
  });

  it('finds commands in the spoken language, and by their English names and words too', () => {
    speakBy(() => ({ tag: 'de', numbers: 'de', dates: 'de', catalogue }));
    const german = (query: string) => labels(query, 'Befehle');
    expect(german('dunkl farb')).toEqual(['Dunkles Farbschema']);
    expect(german('gerat')).toEqual(['Diagnose']); // by „Gerät“
    expect(german('dark theme')).toEqual(['Dunkles Farbschema']);
    expect(german('appearance night')).toEqual(['Dunkles Farbschema']);
    expect(german('zebra')).toEqual([]);
  });

  it('puts names that begin with the words first, and marks them', () => {
    const [first] = sectionsFor('pr', null)[0]!.items;
    expect(first?.snippet).toEqual({ text: 'Privacy', marks: [[0, 2]] });
    expect(labels('pr')).toContain('Settings'); // by "preferences"
  });

  it('offers what can be done now: not the page that is open, nor what a chat needs', async () => {
    expect(labels('')).not.toContain('Models');
    expect(labels('')).not.toContain('Copy the last reply');
    await chatWith('/say Hello.');
    expect(labels('copy')).toEqual(['Copy the last reply']);
  });

  it('opens the votes, also where no comparison is on', () => {
    expect(labels('votes')).toEqual(['Open the votes']);
    commandOf('votes')?.run();
    expect(overlays.open).toBe('votes');
    overlays.open = null;
  });

  it('finds chats by their titles, but for the one that is shown', async () => {
    await chatWith('/say Ärger im Büro');
    const other = await chatWith('/say Something else');
    expect(labels('arger buro', 'Chats')).toEqual(['/say Ärger im Büro']);
    expect(labels('something', 'Chats')).toEqual([]);
    const [item] = sectionsFor('arger', null).flatMap(({ items }) => items);
    item?.run();
    expect(went).toEqual([conversations.listed.find(({ id }) => id !== other.id)?.id]);
  });

  it('shows the messages that the search has found', () => {
    const snippet = { text: 'a word', marks: [] };
    const hit = { id: 'm', snippet };
    const chat = { id: 'c', title: { text: 'T', marks: [] }, hits: 1, messages: [hit] };
    const sections = sectionsFor('word', { chats: [chat], found: 1, damaged: 0 });
    expect(sections.at(-1)).toMatchObject({
      title: 'Messages',
      items: [{ id: 'message-m', detail: 'T', snippet }],
    });
  });
});
