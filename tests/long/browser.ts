/** Chromium in a process group of its own, so that all of it can be killed; its profile outlives it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../../scripts/chromium';

export interface OpenBrowser {
  browser: Browser;
  /** A blank one. */
  page: Page;
  /** SIGKILL to every process; resolves when the first of them is gone. */
  kill(): Promise<void>;
}

/** Starts Chromium with what an earlier one left in the folder `profile`. */
export async function openBrowser(profile: string): Promise<OpenBrowser> {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(chromiumPath()!, [...CHROMIUM_ARGS, ...flags, 'about:blank'], {
    detached: true,
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  while (!existsSync(portFile)) await wait(50);
  let port = '';
  while (!port) port = (await readFile(portFile, 'utf8')).split('\n')[0] ?? '';
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await browser.contexts()[0]!.newPage();
  const kill = async () => {
    process.kill(-child.pid!, 'SIGKILL');
    await exited;
    await browser.close().catch(() => {}); // it is gone already
  };
  return { browser, page, kill };
}
