/** Which messages of a chat stay when its prompt is longer than the context. */
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { fitMessages, imageTokens } from '../../workers/runner/chat/fit-messages';

type Messages = readonly ChatMessage[];

const message = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });
const system = (content: string) => message('system', content);
const user = (content: string) => message('user', content);
const said = (content: string) => message('assistant', content);
const image = { images: [new Uint8Array(1)] };

/** A word is a token, and so is what a template writes around a message. */
function wordsOf(messages: Messages): number {
  const words = (text: string) => text.split(' ').filter(Boolean).length;
  const texts = messages.reduce((sum, { content }) => sum + words(content) + 1, 0);
  return texts + imageTokens(messages);
}

async function fitted(messages: Messages, most: number, count = wordsOf): Promise<Messages> {
  const read = async (kept: Messages) => ({ kept, length: count(kept) });
  return (await fitMessages(messages, most, read)).kept;
}

/** What Ollama does: one message after the other. */
function oneByOne(messages: Messages, most: number, count = wordsOf): Messages {
  for (let from = 0; from < messages.length; from++) {
    const kept = messages.filter(({ role }, at) => at >= from || role === 'system');
    if (count(kept) <= most || from === messages.length - 1) return kept;
  }
  return messages;
}

describe('of a chat', () => {
  const first = user('You are a test, all of you.');
  const second = said('I am a what?');
  const last = user('A test, and a thumping good one, I hope.');
  const chat = [first, second, last];
  const seen = { ...first, ...image };
  const shown = { ...last, ...image };
  const rules = system('You live to test.');

  it.each<[string, ChatMessage[], number, ChatMessage[]]>([
    ['all fits', chat, 64, chat],
    ['only the last stays, and too long', chat, 1, [last]],
    ['an image takes the place of all before it', [first, second, shown], 64, [shown]],
    ['an older image goes', [seen, second, shown], 64, [shown]],
    ['there is room for two images', [seen, second, shown], 2048, [seen, second, shown]],
    ['the tag of an image is text', [user('[img] what?'), last], 64, [user('[img] what?'), last]],
    [
      'two images without words fit',
      [first, { ...user(''), ...image }, { ...user(''), ...image }, last],
      2048,
      [first, { ...user(''), ...image }, { ...user(''), ...image }, last],
    ],
    [
      'of two images without words one fits',
      [first, { ...user(''), ...image }, second, { ...user(''), ...image }, last],
      1024,
      [second, { ...user(''), ...image }, last],
    ],
    ['the system text stays in front', [rules, ...chat], 14, [rules, last]],
    ['it stays where it stands', [first, second, rules, last], 64, [first, second, rules, last]],
    ['it stays, out of order', [first, second, rules, last], 15, [rules, last]],
    [
      'two images in a message',
      [first, second, { ...last, images: [new Uint8Array(1), new Uint8Array(1)] }],
      1550,
      [{ ...last, images: [new Uint8Array(1), new Uint8Array(1)] }],
    ],
  ])('%s', async (_what, messages, most, kept) => {
    expect(await fitted(messages, most)).toEqual(kept);
  });

  it('the oldest message alone goes where that is enough', async () => {
    expect(await fitted(chat, wordsOf(chat) - 1)).toEqual([second, last]);
    expect(await fitted(chat, wordsOf(chat))).toEqual(chat);
  });

  it('each system message stays, wherever it was', async () => {
    const many = [rules, first, system('Be brief.'), second, last];
    expect(await fitted(many, 17)).toEqual([rules, many[2], last]);
  });

  it('as many stay as when one after the other goes', async () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 300; round++) {
      const messages = Array.from({ length: 1 + random(40) }, () => {
        const role = (['system', 'user', 'assistant', 'user'] as const)[random(4)]!;
        return message(role, 'word '.repeat(random(round % 3 === 0 ? 400 : 20)));
      });
      messages.push(user('and now?'));
      const most = 1 + random(wordsOf(messages) + 10);
      expect(await fitted(messages, most)).toEqual(oneByOne(messages, most));
    }
  });
});

describe('what goes together', () => {
  const last = user('and now?');
  const called: ChatMessage = {
    ...said(''),
    toolCalls: [{ id: 'a', name: 'look', arguments: { where: 'there' } }],
  };
  const results = ['one two three', 'four five six'].map((content): ChatMessage => ({
    ...message('tool', content),
    toolName: 'look',
  }));
  const round = [called, ...results];

  it('is a call and its results', async () => {
    const rest = [user('b'), last];
    expect(await fitted([...round, ...rest], wordsOf([...results, ...rest]))).toEqual(rest);
    const rules = system('rules');
    const most = wordsOf([rules, ...results, ...rest]);
    expect(await fitted([rules, ...round, ...rest], most)).toEqual([rules, ...rest]);
  });

  it('is the call whose result is the last message', async () => {
    expect(await fitted([user('a long one'), ...round], wordsOf(round))).toEqual(round);
    expect(await fitted(round, 1)).toEqual(round);
  });

  it('is a reply that goes on and what it replies to', async () => {
    const open = [user('tell me all'), said('Once upon')];
    expect(await fitted([user('a'), said('b'), ...open], 1)).toEqual(open);
  });
});

describe('a template that refuses a list', () => {
  const refuse = () => new PaddockError('bad_request', 'Roles must alternate.');
  /** Wants a user first, as Mistral's does. */
  const alternating = (messages: Messages) => {
    const turns = messages.filter(({ role }) => role !== 'system');
    turns.forEach(({ role }, at) => {
      if ((role === 'user') !== (at % 2 === 0)) throw refuse();
    });
    return wordsOf(messages);
  };

  it('is given the next one that it takes', async () => {
    const turns = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? user('a b') : said('c d')));
    const chat = [...turns, user('and now?')];
    for (let most = 3; most <= wordsOf(chat); most++) {
      const kept = await fitted(chat, most, alternating);
      expect(wordsOf(kept)).toBeLessThanOrEqual(most);
      // No longer one that begins with a user would have fitted: two messages are six tokens.
      if (kept.length < chat.length) expect(wordsOf(kept)).toBeGreaterThan(most - 6);
      expect(kept[0]!.role).toBe('user');
    }
  });

  it('is refused where it takes none', async () => {
    const count = () => {
      throw refuse();
    };
    await expect(fitted([user('a'), said('b'), user('c')], 4, count)).rejects.toThrow(refuse());
  });

  it('and one that is faulty is not tried again', async () => {
    const count = vi.fn(() => {
      throw new PaddockError('not_supported', 'The template cannot be used.');
    });
    const many = Array.from({ length: 50 }, () => user('a'));
    await expect(fitted(many, 4, count)).rejects.toMatchObject({ code: 'not_supported' });
    expect(count).toHaveBeenCalledOnce();
  });
});

describe('of 10,000 messages', () => {
  /** How many prompts were made, and messages in all of them. */
  async function cost(content: (at: number) => string, most: number) {
    const many = Array.from({ length: 10_000 }, (_, at) => user(`${content(at)} ${at}`));
    const count = vi.fn(wordsOf);
    const kept = await fitted(many, most, count);
    expect(kept).toEqual(oneByOneFrom(many, most));
    const written = count.mock.calls.reduce((sum, [messages]) => sum + messages.length, 0);
    return { prompts: count.mock.calls.length, written, kept: kept.length };
  }

  function oneByOneFrom(many: Messages, most: number): Messages {
    let from = many.length - 1;
    while (from > 0 && wordsOf(many.slice(from - 1)) <= most) from--;
    return many.slice(from);
  }

  it.each<[string, (at: number) => string]>([
    ['alike', () => 'some six words of a message'],
    ['of all lengths', (at) => 'word '.repeat((at * 7919) % 97)],
    ['of long words', () => 'w'.repeat(200)],
    ['of very short ones', () => 'a b c d e f g h i j k l m n o p'],
  ])('%s: few prompts are made, and none of all', async (_what, content) => {
    const { prompts, written, kept } = await cost(content, 2000);
    expect(prompts).toBeLessThanOrEqual(12);
    expect(written).toBeLessThan(12 * Math.max(kept, 200));
  });
});

it('few are made for a template that refuses every one, or all that have an old message', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => user(`${at}`));
  const refusal = new PaddockError('bad_request', 'The template refuses it.');
  const never = vi.fn(() => {
    throw refusal;
  });
  await expect(fitted(many, 2000, never)).rejects.toBe(refusal);
  expect(never.mock.calls.length).toBeLessThan(1000);
  const sometimes = vi.fn((messages: Messages) => {
    if (messages.some(({ content }) => content === '9000')) throw refusal;
    return wordsOf(messages);
  });
  expect(await fitted(many, 2000, sometimes)).toHaveLength(999);
  expect(sometimes.mock.calls.length).toBeLessThan(1000);
});

it('few prompts are made, however wrong a guess by letters is', async () => {
  const turns = 4000;
  const many = Array.from({ length: turns }, (_, at) =>
    user(`${at} ${'w'.repeat(at % 2 ? 900 : 0)}`),
  );
  // Each is a token, but for one of many among the newest.
  const count = vi.fn((messages: Messages) =>
    messages.reduce((sum, { content }) => sum + (parseInt(content) === turns - 300 ? 5000 : 1), 0),
  );
  const kept = await fitted(many, 4999, count);
  expect(kept).toHaveLength(299);
  expect(count.mock.calls.length).toBeLessThanOrEqual(5 + Math.log2(turns));
});

it('a chat that fits is written once', async () => {
  const count = vi.fn(wordsOf);
  await fitted([user('a'), said('b'), user('c')], 4096, count);
  expect(count).toHaveBeenCalledOnce();
});
