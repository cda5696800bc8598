/** The built site on a server of its own for each test, with the fake registry and faults on request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test as base, type Page } from '@playwright/test';
import { serveSite, siteHandler } from '../../scripts/serve';
import { fakeRegistry } from '../fixtures/fake-registry';

/** Answers a request in the server's place; false lets the server answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface SiteOptions {
  dir: string;
  base?: string;
  overlay?: Map<string, Uint8Array>;
  headers?: boolean;
}

export class Site {
  /** Paths that were asked for, in order. */
  readonly requests: string[] = [];
  fault: Fault | undefined;
  #options: SiteOptions;
  #running: Awaited<ReturnType<typeof serveSite>> | undefined;
  #port = 0;

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  /** From now on another build is served at the same address, as after a deployment. */
  deploy(dir: string): void {
    this.#options = { ...this.#options, dir };
    const handler = siteHandler(this.#serving());
    this.#running?.server.removeAllListeners('request').on('request', handler);
  }

  #serving() {
    return {
      base: '/',
      ...this.#options,
      port: this.#port,
      intercept: (request: IncomingMessage, response: ServerResponse) => {
        this.requests.push(request.url ?? '');
        return this.fault?.(request, response) ?? false;
      },
    };
  }

  /** Starts, or starts again on the same port. */
  async start(): Promise<this> {
    this.#running = await serveSite(this.#serving());
    this.#port = Number(new URL(this.#running.url).port);
    return this;
  }

  /** After this the site cannot be reached, as with no network. */
  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  /** Ends in `/`. */
  get url(): string {
    return `http://localhost:${this.#port}${this.#options.base ?? '/'}`;
  }
}

interface Fixtures {
  site: Site;
  siteOptions: SiteOptions;
  /** True where a test has the browser refuse things. */
  mayComplain: boolean;
  /** What the browser complains about: script errors and policy violations; none are allowed. */
  complaints: string[];
}

export const test = base.extend<Fixtures>({
  // To install it takes a third of a short test's time: where it is what matters, a test is tagged `@worker`.
  serviceWorkers: async ({ browserName: _ }, use, { tags }) =>
    use(tags.includes('@worker') ? 'allow' : 'block'),
  siteOptions: [{ dir: 'build-test', overlay: fakeRegistry() }, { option: true }],
  site: async ({ siteOptions }, use) => {
    const site = await new Site(siteOptions).start();
    await use(site);
    await site.stop();
  },
  mayComplain: [false, { option: true }],
  complaints: [
    async ({ page, mayComplain }, use) => {
      const complaints = watchPage(page);
      await use(complaints);
      if (!mayComplain) expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** What the browser complains about in `page` from now on; the fixture does it for the test's own. */
export function watchPage(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/** First visit, the starter's download, and the empty chat. */
export async function startChatting(page: Page, site: Pick<Site, 'url'>): Promise<void> {
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
}

/** Writes `text` and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

export function lastReply(page: Page) {
  return page.getByRole('article', { name: 'Assistant' }).last();
}

/** Resolves when no reply is under way. */
export async function replyEnded(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
}

/** Opens an empty chat; resolves when it is there, since what is typed before goes to the chat before. */
export async function newChat(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New chat' }).click();
  await expect(page.getByRole('heading', { name: 'What shall we talk about?' })).toBeVisible();
}
