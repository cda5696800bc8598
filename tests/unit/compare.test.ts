/** One question, two models: how a pair comes about, ends, goes on, and is kept. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { replyLock } from '#core/locks';
import { Chat } from '../../src/lib/state/chat.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { withDatabase } from '../../src/lib/storage/database';
import { listMessages } from '../../src/lib/storage/messages';
import { readConversations } from '../../src/lib/storage/conversations';
import { asked, closePage, ended, freshPage, shown } from '../fixtures/chat-page';
import { openOtherTab } from '../fixtures/other-tab';

vi.mock('$lib/client/ollama', async () => import('../fixtures/chat-page'));
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));

let chat: Chat;

beforeEach(async () => {
  vi.restoreAllMocks();
  unsaved.drop('');
  await freshPage();
  await boot.start();
  chat = new Chat(null);
  chat.set({ compare: { with: 'other' } });
});

afterAll(closePage);

const last = () => chat.turns.at(-1)!;
const sides = () => chat.pairs.of(last())!;

const say = async (text: string) => {
  chat.send(text, 'fake');
  await ended(chat);
};

it('asks both with one history, shows the first, and goes on with the one that is chosen', async () => {
  await say('/say one');
  const [a, b] = sides();
  expect([a!.model, b!.model]).toEqual(['fake', 'other']);
  expect(sides().map(({ content, state }) => [content.trim(), state])).toEqual([
    ['one', 'done'],
    ['one', 'done'],
  ]);
  expect(last()).toBe(a);
  chat.edit(a!, 'uno', null);
  chat.show(b!);
  await say('/say two');
  expect(shown(chat)).toEqual(['U: /say one', 'A: one', 'U: /say two', 'A: two']);
  expect(chat.turns[1]).toBe(b);
  const told = asked.slice(-2).map(({ model, messages }) => [model, messages[1]!.content.trim()]);
  expect(told.sort()).toEqual([
    ['fake', 'one'],
    ['other', 'one'],
  ]);
});

it('is read back as a pair, with the same side chosen', async () => {
  chat.set({ compare: { with: 'other', blind: true } });
  await say('/say one');
  chat.show(sides()[1]!);
  const chosen = last().id;
  await vi.waitFor(async () => {
    expect((await readConversations([chat.id!]))[0]?.leaf).toBe(chosen);
  });
  const read = new Chat(chat.id);
  await read.load();
  expect(read.turns.at(-1)!.id).toBe(chosen);
  const pair = read.pairs.of(read.turns.at(-1)!)!;
  expect(pair.map(({ id }) => id)).toEqual(sides().map(({ id }) => id));
  expect(pair.map(({ blind }) => blind)).toEqual([true, true]);
  expect(read.setup.compare).toEqual({ with: 'other', blind: true });
  chat.pairs.unveil(last());
  await vi.waitFor(async () => {
    const stored = await listMessages(chat.id!);
    expect(stored.filter(({ blind }) => blind)).toEqual([]);
  });
});

it('draws the sides by lot while names are hidden', async () => {
  chat.set({ compare: { with: 'other', blind: true } });
  vi.spyOn(Math, 'random').mockReturnValue(0.1);
  await say('/say one');
  expect(sides().map(({ model }) => model)).toEqual(['other', 'fake']);
  expect(last()).toBe(sides()[0]);
});

it('a message that waits goes to both when both have ended, behind the chosen side', async () => {
  chat.send('/slow', 'fake');
  await vi.waitFor(() => expect(sides().every(({ content }) => content !== '')).toBe(true));
  const [a, b] = sides();
  expect(chat.replies).toHaveLength(2);
  chat.unsent.enqueue('/say next');
  chat.stop(a);
  await vi.waitFor(() => expect(a!.state).toBe('stopped'));
  expect(chat.replies.map(({ turn }) => turn)).toEqual([b]);
  expect(chat.unsent.queue).toHaveLength(1);
  chat.stop();
  await ended(chat);
  // The chosen side was stopped: what waits is the person's to send.
  expect(chat.unsent.queue).toHaveLength(1);
  chat.sendWaiting('fake');
  await ended(chat);
  expect(sides().map(({ model, content }) => [model, content.trim()])).toEqual([
    ['fake', 'next'],
    ['other', 'next'],
  ]);
  expect(chat.turns[1]).toBe(a);
});

it('what waits is sent by itself, to both, when both are done', async () => {
  chat.send('/say one', 'fake');
  chat.unsent.enqueue('/say two');
  await vi.waitFor(() => expect(chat.unsent.queue).toHaveLength(0));
  await ended(chat);
  expect(shown(chat)).toEqual(['U: /say one', 'A: one', 'U: /say two', 'A: two']);
  expect(sides().map(({ model }) => model)).toEqual(['fake', 'other']);
});

it('one side that was stopped goes on by itself, and the other stays as it is', async () => {
  chat.send('/slow', 'fake');
  await vi.waitFor(() => expect(sides().every(({ content }) => content !== '')).toBe(true));
  chat.stop();
  await ended(chat);
  const [a, b] = sides();
  const before = b!.content;
  chat.pairs.resume(b!);
  await vi.waitFor(() => expect(b!.content.length).toBeGreaterThan(before.length));
  expect(last()).toBe(a);
  expect(a!.state).toBe('stopped');
  chat.stop(b);
  await ended(chat);
  expect(b!.content.startsWith(before)).toBe(true);
});

it('both can be asked once more, and one that is left alone is no pair', async () => {
  await say('/say one');
  const first = sides();
  chat.pairs.again(last(), undefined);
  await ended(chat);
  expect(sides()).toHaveLength(2);
  expect(sides()).not.toEqual(first);
  expect(chat.versions(last())).toHaveLength(4);
  const [a, b] = sides();
  chat.remove(a!);
  chat.show(b!);
  expect(chat.pairs.of(last())).toBeUndefined();
});

it('another tab sees both, waits for both, and can stop both', async () => {
  await say('/say one');
  const other = openOtherTab();
  const release: (() => void)[] = [];
  const records = ['first', 'second'].map((id, place) => ({
    ...sides()[place]!.record(chat.id!),
    ...{ id, pair: 'theirs', state: 'streaming' as const, createdAt: Date.now() + place },
  }));
  for (const { id } of records) {
    void navigator.locks.request(
      replyLock(id),
      () => new Promise<void>((end) => release.push(end)),
    );
  }
  await withDatabase((db) => Promise.all(records.map((record) => db.put('messages', record))));
  await chat.changed();
  chat.show({ id: 'first' });
  expect(sides().map(({ id }) => id)).toEqual(['first', 'second']);
  chat.stop();
  await vi.waitFor(() => {
    for (const { id } of records) expect(other.heard).toContainEqual({ type: 'stop', message: id });
  });
  await withDatabase((db) => db.put('messages', { ...records[0]!, state: 'stopped' }));
  release[0]!();
  await vi.waitFor(() => expect(sides()[0]!.state).toBe('stopped'));
  expect(chat.elsewhere?.id).toBe('second');
  release[1]!();
  await vi.waitFor(() => expect(sides()[1]!.state).toBe('cut'));
  expect(chat.elsewhere).toBeUndefined();
  other.close();
});

it.each([
  ['nobody', ''],
  ['the model itself', 'fake'],
])('asks one model where it would be compared with %s', async (_, other) => {
  chat.set({ compare: { with: other } });
  await say('/say one');
  expect(asked).toHaveLength(1);
  expect(last().pair).toBeUndefined();
});
