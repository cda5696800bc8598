/** Several tabs: how a test looks at all of them, and stops one. */
import type { Browser, CDPSession, Page } from '@playwright/test';
import { expect, lastReply, replyEnded, send, type Site } from './site';

/** One more tab, in an empty chat. */
export async function openTab(page: Page, site: Pick<Site, 'url'>): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(site.url);
  await expect(tab.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  return tab;
}

/** Sends `/say` with `text`; resolves when the whole reply is there. */
export async function exchange(page: Page, text: string): Promise<void> {
  await send(page, `/say ${text}`);
  await expect(lastReply(page)).toContainText(text);
  await replyEnded(page);
}

/** Begins a reply that lasts for minutes; resolves when it streams. */
export async function stream(page: Page): Promise<void> {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w5');
}

/** The reply under way ends with its reason, keeps its text and offers Continue. */
export async function expectCutOff(page: Page): Promise<void> {
  await expect(lastReply(page)).toContainText('The part of Paddock that runs models stopped.');
  await expect(lastReply(page)).toContainText('w0 w1 w2');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled();
}

/** The dedicated workers of the whole browser that have this name. */
export async function workersNamed(browser: Browser, name: string): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  return targetInfos.filter(({ type, title }) => type === 'worker' && title === name).length;
}

/** What is held at this moment, without what makes names unique, sorted. */
export function locksHeld(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = '' }) => name.replace(/:.*/, '')).sort();
  });
}

/** The only tab there is leads, and nothing else is held than what it needs. */
export async function expectLocksOfOneTab(page: Page): Promise<void> {
  await expect
    .poll(() => locksHeld(page))
    .toEqual(['paddock-host', 'paddock-leader', 'paddock-runner']);
}

interface Attached {
  sessionId: string;
  targetInfo: { title: string };
}

/**
 * Stops a tab and its host as a frozen tab is stopped, until `thaw`: what is sent to them waits, what they hold
 * they keep. It is the debugger's pause: `Page.setWebLifecycleState` freezes neither in headless Chromium 156.
 */
export async function freeze(page: Page): Promise<{ thaw(): Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const host = await hostOf(session);
  await host('Debugger.enable');
  await host('Debugger.pause');
  await session.send('Debugger.enable');
  await session.send('Debugger.pause');
  return {
    async thaw() {
      // Each stops at its next statement, and one that had none to run is not stopped yet.
      await host('Debugger.disable');
      await session.send('Debugger.disable');
      await session.detach();
    },
  };
}

/** Sends commands to the worker that hosts. */
async function hostOf(session: CDPSession): Promise<(method: string) => Promise<void>> {
  const found = new Promise<Attached>((resolve) => {
    session.on('Target.attachedToTarget', (event) => {
      if (event.targetInfo.title === 'paddock-host') resolve(event);
    });
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const { sessionId } = await found;
  let id = 0;
  return async (method) => {
    const message = JSON.stringify({ id: ++id, method });
    await session.send('Target.sendMessageToTarget', { sessionId, message });
  };
}
