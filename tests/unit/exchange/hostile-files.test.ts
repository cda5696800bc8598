import { describe, expect, it } from 'vitest';
import { strToU8, zipSync } from 'fflate';
import { safeFileName, safeName } from '#core/exchange/file-names';
import { MOST_TITLE } from '#core/exchange/limits';
import {
  chatGptChat,
  llamaCppChat,
  openWebUiChat,
  randomChat,
} from '../../fixtures/exchange-chats';
import { chatItem } from '#core/exchange/paddock-json';
import { readChats } from '../../fixtures/read-chats';
import { XSS_CORPUS } from '../../fixtures/xss-corpus';

const bad = (words: string) => ({
  code: 'bad_file',
  message: expect.stringContaining(words) as string,
  detail: { remedy: expect.stringMatching(/\.$/) as string },
});

describe('a file that holds no chats', () => {
  it.each<[string, BlobPart, string]>([
    ['nothing', '', 'empty'],
    ['text', 'Dear diary', 'not JSON'],
    ['other JSON', '{"name":"x","list":[1,2]}', 'no chats that are known'],
    ['a number', '[1,2,3]', 'no chats that are known'],
    ['two commas', '[{"conv":{}},,{}]', 'not JSON'],
    ['a bracket too many', '[]]', 'not JSON'],
    ['brackets without end', '[' + '['.repeat(5000), '100 deep'],
    ['half of a first chat', JSON.stringify([llamaCppChat()]).slice(0, 200), 'in the middle'],
    ['a ZIP’s first half', zipSync({ 'a.json': strToU8('{}') }).slice(0, 40), 'ends too early'],
  ])('%s', async (_, file, words) => {
    await expect(readChats(file)).rejects.toMatchObject(bad(words));
  });
});

describe('a ZIP', () => {
  const chat = JSON.stringify(llamaCppChat());

  /** One more byte, or another, at `place` from the sought signature. */
  function changed(zip: Uint8Array, signature: number, place: number, value: number) {
    const view = new DataView(zip.slice().buffer);
    for (let at = 0; at + 4 <= view.byteLength; at++) {
      if (view.getUint32(at, true) !== signature) continue;
      view.setUint32(at + place, value, true);
      return view.buffer;
    }
    throw new Error('no such signature');
  }

  it('whose list says that it unpacks to gigabytes is not unpacked', async () => {
    const zip = zipSync({ 'a.json': strToU8(chat) });
    const declared = changed(zip, 0x02014b50, 24, 4_100_000_000);
    await expect(readChats(declared)).rejects.toMatchObject(bad('4.1 GB, and at most 4 GB'));
    const one = changed(zip, 0x02014b50, 24, 300_000_000);
    await expect(readChats(one)).rejects.toMatchObject(bad('300 MB, and at most 200 MB'));
  });

  it('that is more than its list says ends where that is passed', async () => {
    const bomb = zipSync({ 'a.json': new Uint8Array(20_000_000).fill(0x20) });
    expect(bomb.length).toBeLessThan(30_000);
    await expect(readChats(changed(bomb, 0x02014b50, 24, 10))).rejects.toMatchObject(
      bad('damaged'),
    );
  });

  it('with a changed byte is damaged', async () => {
    const zip = zipSync({ 'a.json': [strToU8(chat), { level: 0 }] });
    zip[60]! ^= 1;
    await expect(readChats(zip)).rejects.toMatchObject(bad('damaged'));
  });

  it('with names that lead out of it gives what is in it, and counts the rest', async () => {
    const names = ['../../evil.json', '/etc/a.json', 'C:\\a.json', 'a/../../b.json'];
    const evil = Object.fromEntries(names.map((name) => [name, strToU8(chat)]));
    const read = await readChats(zipSync({ ...evil, 'good.json': strToU8(chat) }));
    expect(read.chats).toHaveLength(1);
    expect(new Map(read.leftOut).get('other_file')).toBe(4);
  });
});

it('hostile texts in every place come back as texts', async () => {
  for (const text of Object.values(XSS_CORPUS)) {
    const chat = randomChat(3);
    chat.conversation.title = text;
    for (const message of chat.messages) message.content = text;
    for (const file of chat.files) file.name = text;
    const read = await readChats(`{"paddock":"chats","version":1,"chats":[${chatItem(chat)}]}`);
    expect(read.chats[0]!.messages.every(({ content }) => content === text)).toBe(true);
  }
});

it.each([
  ['llama.cpp', (text: string) => hostile([llamaCppChat('h')], text)],
  ['ChatGPT', (text: string) => hostile([chatGptChat('h')], text)],
  ['Open WebUI', (text: string) => hostile([openWebUiChat('h')], text)],
])('hostile texts in every place of %s’s files come back as texts', async (_, made) => {
  for (const text of Object.values(XSS_CORPUS)) {
    const { chats } = await readChats(JSON.stringify(made(text)));
    const [chat] = chats;
    expect(chat!.conversation.title.trim()).toBe(text.slice(0, MOST_TITLE).trim());
    expect(chat!.messages.length).toBeGreaterThan(1);
    for (const { content } of chat!.messages) expect(content).toContain(text.trim());
  }
});

/** The same with this text wherever a person or a model may have written one. */
function hostile(value: unknown, text: string): unknown {
  const own = ['Sky', 'Bread', 'Tea', 'Why is the sky blue?', 'Rayleigh.', 'Scattering.', 'Hm.'];
  const all = [...own, 'Rye?', 'Rye.', 'Wheat.', 'a()', '1', 'Green or black?', 'Green.', 'qwen3'];
  const words = [...all, 'l', 'gpt-4o', 'Be brief.', 'attached', 'a.txt', 'p.png'];
  return JSON.parse(
    JSON.stringify(value, (key, one: unknown) =>
      typeof one === 'string' && words.includes(one) && !/id$|parent|current/i.test(key)
        ? text
        : one,
    ),
  );
}

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', '-..-etc-passwd'],
    ['CON', '_CON'],
    ['com1.txt', '_com1.txt'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['  . ', 'chat'],
    ['x'.repeat(500), 'x'.repeat(120)],
    ['a<b>:"c|d?*', 'a-b---c-d--'],
    ['line\nbreak\t\u0000', 'line break'],
    ['😀'.repeat(100), '😀'.repeat(30)],
    ['\ud800broken', 'broken'],
  ])('%j', (text, name) => {
    expect(safeName(text, 'chat')).toBe(name);
  });

  it('keep their endings', () => {
    expect(safeFileName(`${'x'.repeat(500)}.png`, 'file')).toBe(`${'x'.repeat(120)}.png`);
    expect(safeFileName('.png', 'file')).toBe('file.png');
  });
});
