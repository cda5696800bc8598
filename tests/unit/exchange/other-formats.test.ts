import { describe, expect, it } from 'vitest';
import { zipSync, strToU8 } from 'fflate';
import { shownBranch } from '#core/exchange/tree';
import { chatGptChat, llamaCppChat, openWebUiChat } from '../../fixtures/exchange-chats';
import { readChats, type ReadChats } from '../../fixtures/read-chats';

function branch({ chats }: ReadChats): [string, string][] {
  const { conversation, messages } = chats[0]!;
  return shownBranch(conversation, messages).map(({ role, content }) => [role, content]);
}

const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

describe('llama.cpp’s web UI', () => {
  const one = llamaCppChat();
  const lines = [one.conv, ...one.messages].map((line) => JSON.stringify(line)).join('\n');
  const files: [string, BlobPart][] = [
    ['one chat', JSON.stringify(one)],
    ['a list', JSON.stringify([one])],
    ['a list, with line breaks', JSON.stringify([one], null, 2)],
    ['a chat a line', `${JSON.stringify(one)}\n`],
    ['a message a line', lines],
    ['a ZIP', zip({ 'conversation_b3b2_sky.json': JSON.stringify(one) })],
  ];

  it.each(files)('as %s', async (_, file) => {
    const read = await readChats(file);
    expect(read.format).toBe('llama.cpp');
    expect(branch(read)).toEqual([
      ['user', 'Why is the sky blue?'],
      ['assistant', 'Rayleigh.'],
    ]);
    const [chat] = read.chats;
    expect(chat!.conversation).toMatchObject({ title: 'Sky', setup: { system: 'Be brief.' } });
    expect(chat!.messages[1]).toMatchObject({
      ...{ thinking: 'Hm.', model: 'qwen3' },
      stats: { replyTokens: 7, evalMs: 70 },
    });
    expect(chat!.messages).toHaveLength(3); // the other answer too
    expect(chat!.files.map(({ kind, name }) => [kind, name])).toEqual([
      ['text', 'a.txt'],
      ['image', 'p.png'],
    ]);
    expect(new Map(read.leftOut)).toEqual(new Map([['bad_file', 1], ['no_text', 1]])); // prettier-ignore
  });

  it('with several chats in lines of messages', async () => {
    const two = llamaCppChat('other', 'Second?');
    const second = [two.conv, ...two.messages].map((line) => JSON.stringify(line)).join('\n');
    const { chats } = await readChats(`${lines}\n${second}`);
    expect(chats.map(({ messages }) => messages[0]!.content)).toEqual([
      'Why is the sky blue?',
      'Second?',
    ]);
  });
});

describe('ChatGPT', () => {
  const list = JSON.stringify([chatGptChat(), chatGptChat('second')]);

  it.each<[string, BlobPart]>([
    ['conversations.json', list],
    [
      'the whole ZIP',
      zip({ 'user.json': '{"id":"u"}', 'conversations.json': list, 'chat.html': '<b>' }),
    ],
  ])('as %s', async (_, file) => {
    const read = await readChats(file);
    expect(read).toMatchObject({ format: 'chatgpt', cut: false });
    expect(read.chats).toHaveLength(2);
    expect(branch(read)).toEqual([
      ['user', 'Rye?'],
      ['assistant', '```python\na()\n```'],
      ['assistant', 'Rye.'],
    ]);
    expect(read.chats[0]!.conversation.createdAt).toBe(1_730_000_000_100);
    expect(read.chats[0]!.messages.at(-2)).toMatchObject({ model: 'gpt-4o' });
    // A picture and a tool's answer, in each of the two.
    expect(read.leftOut).toEqual([['foreign_part', 4]]);
  });
});

describe('Open WebUI', () => {
  it('as a list', async () => {
    const read = await readChats(JSON.stringify([openWebUiChat()]));
    expect(read.format).toBe('open-webui');
    expect(branch(read)).toEqual([
      ['user', 'Green or black?'],
      ['assistant', 'Green.'],
    ]);
  });
});
