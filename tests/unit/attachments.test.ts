/** Files of messages: what they are, how they are named, and how they stand before a message. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { marked } from 'marked';
import { beforeEach, describe, expect, it } from 'vitest';
import { fenced, withTextFiles } from '#core/attachments/fence';
import { cleanName } from '#core/attachments/file-name';
import { decodeText, kindOf } from '#core/attachments/sniff';
import { deleteOrphans, putAttachment, readAttachments } from '../../src/lib/storage/attachments';
import {
  changeConversation,
  purgeConversations,
  writeMessages,
} from '../../src/lib/storage/conversations';
import { closeDatabase } from '../../src/lib/storage/database';
import { putDraft } from '../../src/lib/storage/drafts';
import { readChat } from '../../src/lib/storage/exchange-read';
import { writeChat } from '../../src/lib/storage/exchange-write';
import type { AttachmentRecord, MessageRecord } from '../../src/lib/storage/records';
import { XSS_CORPUS } from '../fixtures/xss-corpus';

const bytes = (text: string) => new TextEncoder().encode(text);
const raw = (...parts: (number | string)[]) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number' ? [part] : [...part].map((letter) => letter.charCodeAt(0)),
    ),
  );

describe('kindOf', () => {
  it.each([
    ['a.txt', bytes('hello'), 'text'],
    ['no ending', bytes('hello'), 'text'],
    ['a.ts', bytes('export {}'), 'text'],
    ['a.pdf', bytes('%PDF-1.7'), 'pdf'],
    ['renamed.txt', bytes('%PDF-1.7'), 'pdf'],
    ['a.pdf', bytes('no PDF'), 'pdf'],
    ['a.png', raw(0x89, 'PNG\r\n', 0x1a, '\n'), 'image'],
    ['renamed.txt', raw(0xff, 0xd8, 0xff, 0xe0), 'image'],
    ['a', raw('RIFF', 1, 2, 3, 4, 'WEBPVP8 '), 'image'],
    ['a.svg', bytes('<svg/>'), 'svg'],
    ['a.png', bytes('<?xml version="1.0"?>\n<svg onload="x">'), 'svg'],
    ['a.jpg', raw(0, 0, 0, 24, 'ftypheic'), 'heic'],
    ['a.HEIC', raw(1, 2), 'heic'],
    ['page.html', bytes('<html><svg></svg>'), 'text'],
  ])('%s is %o: %s', (name, head, kind) => {
    expect(kindOf(name, head)).toBe(kind);
  });
});

describe('decodeText', () => {
  it.each([
    [bytes('Grüße 🎉\r\nzwei'), { text: 'Grüße 🎉\nzwei' }],
    [raw(0xef, 0xbb, 0xbf, 'a'), { text: 'a' }],
    [raw(0xff, 0xfe, 'a', 0, 'b', 0), { text: 'ab', encoding: 'UTF-16' }],
    [raw(0xfe, 0xff, 0, 'a'), { text: 'a', encoding: 'UTF-16' }],
    [raw('Gr', 0xfc, 0xdf, 'e\r\n'), { text: 'Grüße\n', encoding: 'Windows-1252' }],
  ])('reads %o', (content, decoded) => {
    expect(decodeText('a', content)).toEqual(decoded);
  });

  it.each([
    [raw('a', 0, 'b'), 'no text'],
    [raw(0xff, 0xfe, 0, 0xd8), 'no text'],
    [raw(0x1f, 0x8b, 8, 'a'), 'no text'],
    [raw(0xfc, 0x81), 'no text'],
    [raw(0xfc, 0), 'no text'],
    [bytes(' \n'), 'empty'],
    [new Uint8Array(10_000_001).fill(97), 'larger than 10 MB'],
  ])('refuses %o', (content, words) => {
    expect(() => decodeText('a', content)).toThrow(words);
  });
});

describe('cleanName', () => {
  it.each([
    ['a\u202Etxt.exe', 'atxt.exe'],
    ['a\nb\u0000c.txt', 'a b c.txt'],
    ['\u200B', 'file'],
    ['`x`.md', "'x'.md"],
  ])('%j becomes %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  it('keeps the ending of a long one', () => {
    const clean = cleanName(`${'🎉'.repeat(200)}.tar.gz`);
    expect(clean.length).toBeLessThanOrEqual(80);
    expect(clean).toMatch(/….*\.tar\.gz$/);
    expect(clean.isWellFormed()).toBe(true);
  });
});

describe('withTextFiles', () => {
  const codeOf = (text: string) =>
    marked.lexer(text).flatMap((token) => (token.type === 'code' ? [token.text as string] : []));

  it('puts the files before the message', () => {
    expect(withTextFiles('Which?', [{ name: 'a.txt', text: 'one\n' }])).toBe(
      'File: a.txt\n```\none\n```\n\nWhich?',
    );
  });

  it.each([
    '```\nnested\n```',
    '````',
    'a `` b ```` c',
    '~~~\n```js\n',
    '`'.repeat(50),
    ...Object.values(XSS_CORPUS),
  ])('no text ends its own block: %j', (text) => {
    const file = fenced({ name: 'a', text });
    expect(codeOf(file)).toEqual([text.replace(/\n$/, '')]);
  });
});

describe('stored files', () => {
  beforeEach(async () => {
    await closeDatabase();
    globalThis.indexedDB = new IDBFactory();
  });

  const file = (id: string, conversationId: string): AttachmentRecord => ({
    ...{ id, conversationId, name: `${id}.txt`, type: '', size: 1, createdAt: 1 },
    ...{ kind: 'text', text: id },
  });
  const message = (conversationId: string, attachments: string[]): MessageRecord => ({
    ...{ id: `m-${conversationId}`, conversationId, parentId: null, createdAt: 1, role: 'user' },
    ...{ content: 'x', state: 'done', attachments },
  });
  const write = (id: string, attachments: string[]) =>
    writeMessages(
      { put: [message(id, attachments)] },
      { id, title: id, createdAt: 1, updatedAt: 1 },
      true,
    );
  const left = async () => (await readAttachments(['a', 'b', 'c'])).map(({ id }) => id);

  it('go with their conversation, but for those that another one or a draft names', async () => {
    for (const id of ['a', 'b', 'c']) await putAttachment(file(id, 'one'));
    await write('one', ['a', 'b']);
    await write('copy', ['b']);
    await putDraft({ id: '', text: '', attachments: ['c'], queue: [], updatedAt: 1 });
    await purgeConversations(['one']);
    expect(await left()).toEqual(['b', 'c']);
    await deleteOrphans(['b', 'c']);
    expect(await left()).toEqual(['b', 'c']);
  });

  it('stay with a chat in the trash, whichever of those that share them goes', async () => {
    await putAttachment(file('a', 'one'));
    await write('one', ['a']);
    await write('copy', ['a']);
    await changeConversation('copy', { deletedAt: 5 });
    await purgeConversations(['one']);
    expect(await left()).toEqual(['a']);
    await changeConversation('copy', { deletedAt: undefined });
    expect((await readChat('copy'))!.files.map(({ id }) => id)).toEqual(['a']);
    await purgeConversations(['copy']);
    await deleteOrphans(['a']);
    expect(await left()).toEqual([]);
  });

  it('are in the export of each chat that names them, and shared again where both come back', async () => {
    await putAttachment({ ...file('a', 'one'), encoding: 'UTF-16' });
    await write('one', ['a']);
    await write('copy', ['a']);
    const chats = [(await readChat('one'))!, (await readChat('copy'))!];
    for (const { conversation, files } of chats) {
      expect(files).toEqual([
        { ...file('a', 'one'), encoding: 'UTF-16', conversationId: conversation.id },
      ]);
    }
    await closeDatabase();
    globalThis.indexedDB = new IDBFactory();
    for (const chat of chats) expect(await writeChat(chat)).toMatchObject({ outcome: 'new' });
    expect(await readAttachments(['a'])).toEqual([{ ...file('a', 'one'), encoding: 'UTF-16' }]);
  });

  it('stay where a message that waits names them', async () => {
    await putAttachment(file('a', ''));
    const queue = [{ text: 'x', attachments: ['a'] }];
    await putDraft({ id: '', text: '', attachments: [], queue, updatedAt: 1 });
    await deleteOrphans(['a']);
    expect(await left()).toEqual(['a']);
    await putDraft({ id: '', text: '', attachments: [], queue: [], updatedAt: 2 });
    await deleteOrphans(['a']);
    expect(await left()).toEqual([]);
  });
});
