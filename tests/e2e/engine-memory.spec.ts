/** What a load of the real starter takes of the machine's memory, and what is left after it. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { expect, startChatting, test } from './site';

test.use({ siteOptions: { dir: 'build-test' } });
test.setTimeout(180_000);
test.skip(process.platform !== 'linux', 'The process is measured through /proc.');

const MB = 1_000_000;
/** Of the file; each value is packed into as many bits as it has there. */
const WEIGHTS = 98.4 * MB;
/** For the code, vocabulary, activations, slices and garbage. */
const BESIDE = 64 * MB;
const ROUNDS = 10;

class Process {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Of the page: the renderer that has come to hold most. */
  static async of(browser: Browser): Promise<Process> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const processes = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => new Process(id))
      .sort((a, b) => b.resident - a.resident);
    return processes[0]!;
  }

  get resident(): number {
    return this.#status('VmRSS');
  }

  /** The most since `forgetPeak`. */
  get peak(): number {
    return this.#status('VmHWM');
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.#pid}/clear_refs`, '5');
  }

  #status(name: string): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) * 1024;
  }
}

interface Hooks {
  __paddockTest: {
    ollama: {
      generate(request: { model: string; prompt: string; keep_alive: number }): Promise<unknown>;
    };
  };
}

/** Loads the starter, or with `keepAlive` 0 unloads it. */
async function load(page: Page, keepAlive: number): Promise<void> {
  await page.evaluate(async (keep_alive) => {
    const { ollama } = (globalThis as unknown as Hooks).__paddockTest;
    await ollama.generate({ model: 'smollm2:135m', prompt: '', keep_alive });
  }, keepAlive);
}

test(
  'a load holds the weights once, and an unload gives them back',
  { tag: '@long' },
  async ({ page, site, browser }) => {
    await startChatting(page, site);
    await load(page, 300); // code that the first load brings stays
    await load(page, 0);
    const process = await Process.of(browser);
    const settled = () => expect.poll(() => process.resident, { timeout: 30_000 });
    await settled().toBeLessThan(process.peak - WEIGHTS / 2);
    const before = process.resident;

    process.forgetPeak();
    await load(page, 300);
    const peak = process.peak - before;
    console.log(`a load takes ${Math.round(peak / MB)} MB at its peak`);
    expect(peak).toBeGreaterThan(WEIGHTS / 2); // or it was not this process
    // The cache is part of the memory, but takes none of the machine's before there are tokens.
    expect(peak).toBeLessThan(WEIGHTS + BESIDE);

    for (let round = 0; round < ROUNDS; round++) {
      await load(page, 0);
      await load(page, 300);
    }
    await load(page, 0);
    await settled().toBeLessThan(before + BESIDE);
  },
);
