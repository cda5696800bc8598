/** What the browser refuses the page, on a host that sends headers and on one that does not. */
import type { Page } from '@playwright/test';
import { fakeRegistry } from '../fixtures/fake-registry';
import { expect, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

test.use({ mayComplain: true });

const ELSEWHERE = 'https://elsewhere.example';

/** The directives that were broken by each attempt, and whether anything of it ran. */
async function attempts(page: Page) {
  return page.evaluate(async (elsewhere) => {
    const nextTask = () => new Promise((resolve) => setTimeout(resolve));
    let told: (directive: string) => void = () => {};
    document.addEventListener('securitypolicyviolation', (event) => told(event.effectiveDirective));
    const refused = async (attempt: () => unknown) => {
      // In a task of its own: what the test's call runs at once may use eval.
      await nextTask();
      const first = new Promise<string>((resolve) => (told = resolve));
      const never = new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 10_000));
      try {
        await attempt();
      } catch {
        // the event says why
      }
      const directive = await Promise.race([first, never]);
      await nextTask(); // header and meta tag each have a word to say
      return directive;
    };
    const thrown = (attempt: () => unknown) => {
      try {
        attempt();
        return 'nothing';
      } catch (error) {
        return String(error);
      }
    };
    const add = (name: string, change: (element: HTMLElement) => void) => () => {
      const element = document.createElement(name);
      change(element);
      document.body.append(element);
    };
    const types = (
      globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): unknown };
      }
    ).trustedTypes;
    const results = {
      // oxlint-disable-next-line no-eval -- what the policy refuses
      eval: await refused(() => (0, eval)('window.pwned = 1')),
      function: await refused(() => Reflect.construct(Function, ['window.pwned = 1'])),
      inline: await refused(add('script', (script) => (script.textContent = 'window.pwned = 1'))),
      handler: await refused(
        add('p', (p) => {
          p.setAttribute('onclick', 'window.pwned = 1');
          p.click();
        }),
      ),
      html: await refused(
        () => (document.body.appendChild(document.createElement('p')).innerHTML = '<b>x</b>'),
      ),
      policy: await refused(() => types.createPolicy('mine', {})),
      worker: thrown(() => new Worker(`${elsewhere}/worker.js`)),
      image: await refused(add('img', (image) => image.setAttribute('src', `${elsewhere}/x.png`))),
      fetch: await refused(() => fetch(elsewhere)),
      frame: await refused(add('iframe', (frame) => frame.setAttribute('src', elsewhere))),
      base: await refused(add('base', (base) => base.setAttribute('href', elsewhere))),
    };
    // Chromium refuses this one without a word.
    add('script', (script) => script.append('window.pwned = 1'))();
    return { results, pwned: 'pwned' in window };
  }, ELSEWHERE);
}

for (const headers of [true, false]) {
  test.describe(headers ? 'on a host with headers' : 'on a host without headers', () => {
    test.use({ siteOptions: { dir: 'build-test', overlay: fakeRegistry(), headers } });

    test('the browser refuses scripts from elsewhere, from text, and other hosts', async ({
      page,
      site,
    }) => {
      await page.goto(site.url);
      await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
      const { results, pwned } = await attempts(page);
      expect(results).toEqual({
        eval: 'require-trusted-types-for',
        function: 'require-trusted-types-for',
        inline: 'require-trusted-types-for',
        handler: 'require-trusted-types-for',
        html: 'require-trusted-types-for',
        policy: 'trusted-types',
        worker: expect.stringMatching(/TrustedScriptURL|does not run scripts from/),
        image: 'img-src',
        fetch: 'connect-src',
        frame: 'frame-src',
        base: 'base-uri',
      });
      expect(pwned).toBe(false);
    });

    test('pages and workers get the same headers from the second load on', async ({
      page,
      site,
    }) => {
      await startChatting(page, site);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const worker = page
        .workers()
        .find((one) => one.url().includes('/workers/'))!
        .url();
      const names = [
        'content-security-policy',
        'cross-origin-opener-policy',
        'cross-origin-embedder-policy',
        'cross-origin-resource-policy',
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
      ];
      const answer = (await page.reload())!;
      expect(answer.fromServiceWorker()).toBe(true);
      const ofPage = await answer.allHeaders();
      const ofWorker = await page.evaluate(async (url) => [...(await fetch(url)).headers], worker);
      for (const all of [ofPage, Object.fromEntries(ofWorker) as Record<string, string>]) {
        expect(names.filter((name) => !all[name])).toEqual([]);
      }
      expect(ofPage['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(ofPage['content-security-policy']).not.toMatch(
        /unsafe-eval|script-src[^;]*unsafe-inline/,
      );
      const policy = Object.fromEntries(ofWorker)['content-security-policy'];
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' blob:");
      expect(policy).toContain('connect-src');
    });
  });
}
