/** `fetch` as code of the site's own origin would call the API. */
import type { BrowserContext, Page } from '@playwright/test';
import { startChatting, type Site } from './site';

/** What the functions below leave on the page for each other. */
interface Stream {
  reader: ReadableStreamDefaultReader<string>;
  controller: AbortController;
}

declare global {
  var apiStream: Stream;
}

/** A page under the service worker, with the starter pulled. */
export async function openApi(page: Page, site: Site): Promise<void> {
  await startChatting(page, site);
  await underServiceWorker(page);
}

/** For a test whose service worker is not blocked (`site.ts`). */
export async function underServiceWorker(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Another page of the site, at `url`, that the service worker controls. */
export async function openSecond(context: BrowserContext, url: string): Promise<Page> {
  const second = await context.newPage();
  await second.goto(url);
  await underServiceWorker(second);
  return second;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The part of RequestInit that travels to the page. */
export interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  mode?: RequestMode;
}

/** One request, read to its end. `path` counts from the site's folder. */
export function call(page: Page, path: string, init: Init = {}): Promise<Answer> {
  return page.evaluate(
    async ([path, init]) => {
      const response = await fetch(path, init);
      const headers = Object.fromEntries(response.headers);
      return { status: response.status, headers, text: await response.text() };
    },
    [path, init] as const,
  );
}

/** The status and `code` of an error, which must have a sentence too. */
export function failure({ status, text }: Answer): { status: number; code: string } {
  const { error, code } = JSON.parse(text) as { error: string; code: string };
  if (!error.includes(' ')) throw new Error(`Not a sentence: ${text}`);
  return { status, code };
}

/** What `/api/chat` takes. */
export function chatInit(content: string, more: object = {}): Init {
  const messages = [{ role: 'user', content }];
  return { method: 'POST', body: JSON.stringify({ model: 'smollm2:135m', messages, ...more }) };
}

/** The text of a reply in one piece. */
export async function reply(page: Page, content: string): Promise<string> {
  const { text } = await call(page, 'api/chat', chatInit(content, { stream: false }));
  return (JSON.parse(text) as { message: { content: string } }).message.content;
}

/** Starts a stream and reads `lines` lines of it; the page keeps it for the functions below. */
export function startStream(page: Page, content: string, lines: number): Promise<string> {
  return page.evaluate(
    async ([init, lines]) => {
      const controller = new AbortController();
      const response = await fetch('api/chat', { ...init, signal: controller.signal });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      globalThis.apiStream = { reader, controller };
      let text = '';
      while (text.split('\n').length <= lines) text += (await reader.read()).value ?? '';
      return text;
    },
    [chatInit(content), lines] as const,
  );
}

/** Reads the started stream to its end: the rest, and the failure that ended it. */
export function readRest(page: Page): Promise<{ text: string; failure: string | null }> {
  return page.evaluate(async () => {
    const { reader } = globalThis.apiStream;
    let text = '';
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read())
        text += next.value;
      return { text, failure: null };
    } catch (error) {
      return { text, failure: String(error) };
    }
  });
}

export function abortStream(page: Page): Promise<void> {
  return page.evaluate(() => globalThis.apiStream.controller.abort());
}

export function cancelReader(page: Page): Promise<void> {
  return page.evaluate(() => globalThis.apiStream.reader.cancel());
}
