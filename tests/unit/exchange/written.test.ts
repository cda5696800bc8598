import { describe, expect, it } from 'vitest';
import { fromBase64, fromDataUrl, toBase64 } from '#core/exchange/base64';
import type { Chat, ChatMessage } from '#core/exchange/chat';
import { fenced } from '#core/exchange/fenced';
import { chatHtml } from '#core/exchange/html';
import { leftOutSentence } from '#core/exchange/left-out';
import { chatMarkdown, closed } from '#core/exchange/markdown';
import { marked } from 'marked';
import { XSS_CORPUS } from '../../fixtures/xss-corpus';

function chat(...messages: Partial<ChatMessage>[]): Chat {
  const base = { conversationId: 'c', role: 'user' as const, content: '', state: 'done' };
  return {
    conversation: { id: 'c', title: 'A *title* [x](y)', createdAt: 0, updatedAt: 0 },
    messages: messages.map((one, place) => ({
      ...{ ...base, id: String(place), createdAt: place },
      parentId: place === 0 ? null : String(place - 1),
      ...one,
    })),
    files: [],
  };
}

describe('Markdown', () => {
  it('shows the branch that is shown, with thoughts and calls', () => {
    const asked = chat(
      { content: 'Why?' },
      { role: 'assistant', content: 'Other.' },
      {
        role: 'assistant',
        parentId: '0',
        content: 'So.',
        model: 'a:1b',
        thinking: 'Hm.\n</details>',
      },
    );
    const text = chatMarkdown(asked);
    expect(text).toContain('# A \\*title\\* \\[x\\]\\(y\\)');
    expect(text).toContain('## User\n\nWhy?\n\n## Assistant (a:1b)\n\n<details>');
    expect(text).toContain('Hm.\n&lt;/details>\n\n</details>\n\nSo.');
    expect(text).not.toContain('Other.');
  });

  it('says how long a tool ran, where it did', () => {
    const text = chatMarkdown(
      chat(
        { role: 'tool', toolName: 'calculator', toolMs: 1234, content: '42' },
        { role: 'tool', toolName: 'calculator', content: 'refused' },
      ),
    );
    expect(text).toContain('## Tool (calculator, 1.2 s)\n');
    expect(text).toContain('## Tool (calculator)\n');
  });

  it('lets no open block of code swallow what follows', () => {
    const opened = ['```js\na', '~~~\n```\nb', '````\n```\nc', '```\n~~~\nd', ' ```x\ne\r\n'];
    for (const content of opened) {
      const tokens = marked.lexer(
        chatMarkdown(chat({ content }, { role: 'assistant', content: 'end' })),
      );
      const headings = tokens.filter(({ type }) => type === 'heading');
      expect(headings.map((one) => (one as { text: string }).text)).toContain('Assistant');
    }
    expect(closed('```\na\n```')).toBe('```\na\n```');
    expect(closed('``` not `a fence')).toBe('``` not `a fence');
  });

  it('fences what holds fences', () => {
    expect(fenced('a\n````\nb', 'py')).toBe('`````py\na\n````\nb\n`````');
    expect(fenced('x', 'a`b\nc')).toBe('```\nx\n```');
  });
});

describe('HTML', () => {
  it('holds hostile texts as texts, in every place', () => {
    for (const text of Object.values(XSS_CORPUS)) {
      const page = chatHtml(
        text,
        'today',
        [
          {
            who: text,
            role: 'user',
            text,
            thoughts: text,
            images: [{ src: text, alt: text }],
            files: [text],
          },
        ],
        '',
      );
      const body = page.slice(page.indexOf('<body>'));
      const names = [...body.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name!);
      const own = ['body', 'h1', 'p', 'main', 'article', 'h2', 'details', 'summary', 'img', 'html'];
      expect(names.filter((name) => !own.includes(name))).toEqual([]);
      expect(page).toContain("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
      expect(body.match(/"/g)!.length % 2).toBe(0);
    }
  });
});

it('bytes come back from base64', () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, place) => place * 7);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  expect(fromBase64('§')).toBeNull();
  expect(fromDataUrl('data:image/png;base64,AAEC')).toEqual({
    type: 'image/png',
    bytes: Uint8Array.of(0, 1, 2),
  });
  expect(fromDataUrl('javascript:alert(1)')).toBeNull();
});

it('one thing and many have sentences of their own', () => {
  expect(leftOutSentence('no_text', 1)).toBe('1 message without text was left out.');
  expect(leftOutSentence('no_text', 3000)).toBe('3,000 messages without text were left out.');
});
