/** Which chats stay open, and what of them outlives the page. */
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { chats as Chats } from '../../src/lib/state/chats.svelte';
import type { unsaved as Unsaved } from '../../src/lib/state/unsaved.svelte';

let session: Map<string, string>;
let leave: () => void;

/** The module as a new page of the same tab has it. */
async function newPage(): Promise<{ chats: typeof Chats; unsaved: typeof Unsaved }> {
  vi.resetModules();
  const { chats } = await import('../../src/lib/state/chats.svelte');
  const { unsaved } = await import('../../src/lib/state/unsaved.svelte');
  return { chats, unsaved };
}

// The first import compiles, which takes seconds where the machine is busy.
beforeAll(() => import('../../src/lib/state/chats.svelte'), 60_000);

beforeEach(() => {
  session = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => session.set(key, value),
    removeItem: (key: string) => session.delete(key),
  });
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    if (type === 'pagehide') leave = listener;
  });
});

it('keeps a chat open in which something is not saved', async () => {
  const { chats, unsaved } = await newPage();
  const one = chats.open('one');
  const two = chats.open('two');
  expect(chats.open('one')).not.toBe(one);
  const full = () => Promise.reject(new Error('full'));
  await unsaved.write('conversation:two/message:m', full);
  const kept = chats.open('two');
  expect(kept).not.toBe(two);
  chats.open('three');
  expect(chats.open('two')).toBe(kept);
  unsaved.drop('');
  chats.open('four');
  expect(chats.open('two')).not.toBe(kept);
});

it('keeps what is not sent over any number of pages, and nothing once it is sent', async () => {
  const first = await newPage();
  first.chats.draft.draft = 'for a new chat';
  first.chats.open('one').draft = 'for one';
  first.chats.open('two').draft = 'for two';
  leave();
  const second = await newPage();
  expect(session.size).toBe(0);
  expect(second.chats.draft.draft).toBe('for a new chat');
  expect(second.chats.open('one').draft).toBe('for one');
  second.chats.open('one').draft = '';
  second.chats.draft.draft = '';
  leave(); // without having opened the other
  const third = await newPage();
  expect(third.chats.draft.draft).toBe('');
  expect(third.chats.open('one').draft).toBe('');
  expect(third.chats.open('two').draft).toBe('for two');
  third.chats.open('two').draft = '';
  leave();
  expect(session.size).toBe(0);
});

it.each(['{', '"text"', '[1, ["one"], ["two", 2]]', '{"length": 1}'])(
  'begins without drafts where the entry is damaged: %s',
  async (entry) => {
    session.set('paddock-drafts', entry);
    const { chats } = await newPage();
    expect(chats.draft.draft).toBe('');
    expect(chats.open('two').draft).toBe('');
  },
);
