/** A full storage, for everything of a chat that is written: it is said, nothing is lost, and it is tried again. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { attachments, trayOf } from '../../src/lib/state/attachments.svelte';
import { Chat } from '../../src/lib/state/chat.svelte';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { folders } from '../../src/lib/state/folders.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { prompts } from '../../src/lib/state/prompts.svelte';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { withDatabase } from '../../src/lib/storage/database';
import { closePage, ended, freshPage } from '../fixtures/chat-page';
import { openOtherTab, type OtherTab } from '../fixtures/other-tab';

vi.mock('$lib/client/ollama', async () => import('../fixtures/chat-page'));
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));

let chat: Chat;
let other: OtherTab;

beforeEach(async () => {
  vi.restoreAllMocks();
  other?.close();
  unsaved.drop('');
  await freshPage();
  await boot.start();
  other = openOtherTab();
  chat = new Chat(null);
  chat.send('/say one', 'fake');
  await ended(chat);
  await vi.waitFor(async () => expect(await all('messages')).toHaveLength(2));
});

afterAll(() => {
  other.close();
  closePage();
});

type Store = 'conversations' | 'messages' | 'folders' | 'prompts' | 'drafts' | 'attachments';
const all = (store: Store): Promise<object[]> => withDatabase((db) => db.getAll(store));

/** Until the function is called nothing can be written; what is removed is. */
function fill() {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });
  return () => put.mockRestore();
}

const rename = () => conversations.rename(chat.id!, 'Renamed');

it.each<[string, () => void, Store, object]>([
  ['a draft', () => (chat.draft = 'half'), 'drafts', { text: 'half' }],
  ['a message that waits', () => waits('later'), 'drafts', { queue: [{ text: 'later' }] }],
  ['an edited text', () => edits('better'), 'drafts', { editing: { text: 'better' } }],
  ['a title', rename, 'conversations', { title: 'Renamed', titledBy: 'person' }],
  ['a pin', () => conversations.pin(chat.id!, true), 'conversations', { pinned: true }],
  ['a drawer', () => folders.create('Drawer'), 'folders', { name: 'Drawer' }],
  [
    'the settings of a chat',
    () => chat.set({ system: 'Be brief.' }),
    'conversations',
    { setup: { system: 'Be brief.' } },
  ],
  [
    'a prompt',
    () => prompts.save({ name: 'mine', text: 'Mine.' }),
    'prompts',
    { name: 'mine', text: 'Mine.' },
  ],
])('%s', async (_, change, store, stored) => {
  await prompts.load();
  const mend = fill();
  change();
  await vi.waitFor(() => expect(unsaved.error?.code).toBe('storage_full'));
  // What another tab tells meanwhile takes nothing away.
  other.tell({ type: 'conversations', ids: [chat.id!] });
  other.tell({ type: 'folders' });
  other.tell({ type: 'prompts' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await all(store)).not.toContainEqual(expect.objectContaining(stored));
  mend();
  await unsaved.retry();
  expect(unsaved.error).toBeNull();
  expect(await all(store)).toMatchObject([stored]);
  expect(conversations.known(chat.id!)).toMatchObject(store === 'conversations' ? stored : {});
  if (store === 'folders') expect(folders.all.at(-1)).toMatchObject(stored);
  if (store === 'prompts') expect(prompts.all).toMatchObject([stored]);
});

function waits(text: string) {
  chat.draft = '';
  chat.unsent.enqueue(text);
}

function edits(text: string) {
  chat.unsent.editing = { id: chat.turns[0]!.id, text };
}

it('a file that had no room is kept, and added by another try', async () => {
  const tray = trayOf(chat);
  const mend = fill();
  await tray.add([new File(['text'], 'a.txt'), new File([''], 'empty.txt')], 'fake');
  expect(tray.problems.map(({ file, again }) => [file.name, again])).toEqual([
    ['a.txt', true],
    ['empty.txt', false],
  ]);
  expect(chat.unsent.attachments).toEqual([]);
  mend();
  await tray.retry('fake');
  expect(tray.problems).toEqual([]);
  expect(attachments.of(chat.unsent.attachments)).toMatchObject([{ name: 'a.txt', text: 'text' }]);
  expect(await all('attachments')).toHaveLength(1);
});

it('whose a file is, is said once there is room: an export asks for it', async () => {
  const draft = new Chat(null);
  await trayOf(draft).add([new File(['text'], 'a.txt')], 'fake');
  const mend = fill();
  attachments.adopt(draft.unsent.attachments, chat.id!);
  await vi.waitFor(() => expect(unsaved.error?.code).toBe('storage_full'));
  mend();
  await unsaved.retry();
  expect(await all('attachments')).toMatchObject([{ conversationId: chat.id! }]);
});
