/** A chat as an HTML file: what the corpus becomes in it, drawn by the page's own pipeline. */
import { expect, it } from 'vitest';
import type { Chat, ChatMessage } from '#core/exchange/chat';
import { chatPage } from '../../src/lib/ui/exchange/chat-html';
import { XSS_CORPUS } from '../fixtures/xss-corpus';

function chatOf(text: string): Chat {
  const base = { conversationId: 'c', state: 'done', content: text, model: text };
  const messages: ChatMessage[] = [
    { ...base, id: '0', parentId: null, createdAt: 1, role: 'user', attachments: ['f', 'g'] },
    {
      ...{ ...base, id: '1', parentId: '0', createdAt: 2, role: 'assistant', thinking: text },
      toolCalls: [{ id: text, name: text, arguments: { [text]: text } }],
    },
    { ...base, id: '2', parentId: '1', createdAt: 3, role: 'tool', toolName: text },
    { ...base, id: '3', parentId: '2', createdAt: 4, role: 'assistant' },
  ];
  const file = { conversationId: 'c', name: text, type: text, size: 1, createdAt: 1 };
  return {
    conversation: { id: 'c', title: text, createdAt: 1, updatedAt: 1, setup: { system: text } },
    messages,
    files: [
      { ...file, id: 'f', kind: 'text', text },
      { ...file, id: 'g', kind: 'image', type: 'image/png', bytes: new Uint8Array(3) },
    ],
  };
}

/** What would run or ask in a file that is opened. */
function hazards(page: Document): string[] {
  return [...page.querySelectorAll('*')].flatMap((element) => {
    const tag = element.localName;
    const wanted = element.matches(
      'meta[charset], meta[name=viewport], meta[name=referrer], meta[http-equiv=Content-Security-Policy], head > style',
    );
    if (wanted) return [];
    const bad = /^(script|style|iframe|object|embed|base|meta|link|form|svg|video|audio|button)$/;
    const attributes = [...element.attributes].flatMap(({ name, value }) => {
      const isAddress = /^(href|src|srcset|action|formaction|ping|background)$/.test(name);
      const isFine = /^(https?:|mailto:|data:image\/(png|jpeg|gif|webp);base64,)/.test(value);
      const outside = tag === 'img' && !value.startsWith('data:image/') && name === 'src';
      return /^on|^style$/.test(name) || (isAddress && (!isFine || outside)) ? [name] : [];
    });
    return [...(bad.test(tag) ? [`<${tag}>`] : []), ...attributes.map((one) => `${tag}[${one}]`)];
  });
}

it('the watch sees what it is there for', () => {
  const page = new DOMParser().parseFromString(
    '<img src=x onerror=a><a href=javascript:a>',
    'text/html',
  );
  expect(hazards(page)).toEqual(['img[src]', 'img[onerror]', 'a[href]']);
});

it.each(Object.entries(XSS_CORPUS))('%s', (_, text) => {
  const page = new DOMParser().parseFromString(chatPage(chatOf(text)), 'text/html');
  expect(hazards(page)).toEqual([]);
  const title = page.querySelector('title')?.textContent;
  // As a parser reads lines and what is no character.
  expect(title).toBe(text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd'));
  expect(page.querySelectorAll('main > article').length).toBeGreaterThan(3);
});
