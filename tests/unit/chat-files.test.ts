/** What the model is given of a message's files. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Chat } from '../../src/lib/state/chat.svelte';
import { putAttachment } from '../../src/lib/storage/attachments';
import type { AttachmentRecord } from '../../src/lib/storage/records';
import { asked, closePage, ended, freshPage } from '../fixtures/chat-page';

vi.mock('$lib/client/ollama', () => import('../fixtures/chat-page'));

beforeEach(freshPage);
afterEach(closePage);

const file = (id: string, part: Partial<AttachmentRecord>): AttachmentRecord => ({
  ...{ id, conversationId: '', name: id, type: '', size: 1, createdAt: 1, kind: 'text' },
  ...part,
});

it('texts stand before the message, with every later one too; a file that is gone is left out', async () => {
  await putAttachment(file('a.txt', { text: 'one\n```\ntwo' }));
  await putAttachment(file('b.pdf', { kind: 'pdf', text: 'Page.', pages: 1 }));
  const chat = new Chat(null);
  chat.send('Which?', 'fake', ['a.txt', 'gone', 'b.pdf']);
  await ended(chat);
  chat.send('And now?', 'fake');
  await ended(chat);
  const first = 'File: a.txt\n````\none\n```\ntwo\n````\n\nFile: b.pdf\n```\nPage.\n```\n\nWhich?';
  expect(asked.map(({ messages }) => messages[0])).toEqual([
    { role: 'user', content: first },
    { role: 'user', content: first },
  ]);
  expect(asked[1]!.messages.at(-1)).toEqual({ role: 'user', content: 'And now?' });
  expect(chat.turns[0]!.content).toBe('Which?');
});

it('images go beside the message, in base64', async () => {
  const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 255, 0]);
  await putAttachment(file('a.png', { kind: 'image', image: new Blob([bytes]) }));
  const chat = new Chat(null);
  chat.send('What is it?', 'fake', ['a.png']);
  await ended(chat);
  expect(asked[0]!.messages).toEqual([
    { role: 'user', content: 'What is it?', images: [Buffer.from(bytes).toString('base64')] },
  ]);
});
