/**
 * Chromium is killed twenty times in the middle of a pull, SIGKILL, at random moments; then the pull ends. Each time
 * either the whole model is listed or none; in the end the bytes are right, and little came twice. Needs
 * `npm run build:test`.
 *   npx tsx tests/long/kills.ts [--kills 20] [--mib 64] [--seed 1]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../../scripts/chromium';
import { serveSite } from '../../scripts/serve';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { Random } from '../fixtures/random-model/random';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    mib: { type: 'string', default: '64' },
    seed: { type: 'string', default: '1' },
  },
});
const KILLS = Number(values.kills);
const SIZE = Number(values.mib) * 1024 * 1024;
const PART = 4 * 1024 * 1024;
const CONNECTIONS = 4;
/** Bytes a second and connection. */
const RATE = 8_000_000;
const PIECE = 128 * 1024;

const weights = noise(SIZE, 7);
const digest = createHash('sha256').update(weights).digest('hex');
const path = `/v2/library/smollm2/blobs/sha256-${digest}`;
const overlay = fakeRegistry();
publish(overlay, { path: 'smollm2:135m', weights, params: {}, config: fakeConfig('134.52M') });
const random = new Random(Number(values.seed));
let sent = 0;

function intercept(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url !== path) return false;
  void answer(request, response);
  return true;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  const [from, to] = match ? [Number(match[1]), Number(match[2]) + 1] : [0, SIZE];
  response.writeHead(match ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': to - from,
    ...(match && { 'Content-Range': `bytes ${from}-${to - 1}/${SIZE}` }),
  });
  for (let at = from; at < to && !response.destroyed; at += PIECE) {
    const piece = weights.subarray(at, Math.min(at + PIECE, to));
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    sent += piece.length;
    await wait((piece.length / RATE) * 1000);
  }
  response.end();
}

const profile = await mkdtemp(join(tmpdir(), 'paddock-kills-'));

/** A browser of its own process group, so that all of it can be killed. */
async function open(url: string): Promise<{ page: Page; kill: () => Promise<void> }> {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child: ChildProcess = spawn(chromiumPath()!, [...CHROMIUM_ARGS, ...flags, 'about:blank'], {
    detached: true,
    stdio: 'ignore',
  });
  while (!existsSync(portFile)) await wait(50);
  let port = '';
  while (!port) port = (await readFile(portFile, 'utf8')).split('\n')[0] ?? '';
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await browser.contexts()[0]!.newPage();
  await page.goto(url);
  const kill = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid!, 'SIGKILL');
    await gone;
    await browser.close().catch(() => {}); // it is gone already
  };
  return { page, kill };
}

/** Bytes of the models that are listed: none, or the whole one. */
async function listed(page: Page): Promise<number> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page.evaluate(async () => {
    const response = await fetch('/api/tags');
    const { models } = (await response.json()) as { models: { size: number }[] };
    return models.reduce((sum, { size }) => sum + size, 0);
  });
}

const site = await serveSite({ dir: 'build-test', port: 0, overlay, intercept });
try {
  let downloads = 0;
  for (let kills = 0; kills < KILLS; kills++) {
    const { page, kill } = await open(site.url);
    const size = await listed(page);
    if (size > 0 && size < SIZE) throw new Error(`Half a model is listed: ${size} bytes`);
    if (size > 0) {
      downloads++;
      await page.evaluate(() =>
        fetch('/api/delete', { method: 'DELETE', body: '{"model":"smollm2:135m"}' }),
      );
      await page.reload();
    }
    await page.getByRole('button', { name: /Start chatting|Resume download|Try again/ }).click();
    await wait(200 + random.uniform() * 3000);
    await kill();
    console.log(`kill ${kills + 1}: ${(sent / 1e6).toFixed(1)} MB sent, ${downloads} downloads`);
  }
  const { page, kill } = await open(site.url);
  if ((await listed(page)) === 0) {
    await page.getByRole('button', { name: /Start chatting|Resume download|Try again/ }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor({ timeout: 180_000 });
    while ((await listed(page)) === 0) await wait(200);
  }
  downloads++;
  const found = await page.evaluate(async (hex) => {
    const blobs = await (await navigator.storage.getDirectory()).getDirectoryHandle('blobs');
    const names: string[] = [];
    for await (const name of (blobs as unknown as { keys(): AsyncIterable<string> }).keys()) {
      names.push(name);
    }
    const file = await (await blobs.getFileHandle(`sha256-${hex}`)).getFile();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const text = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { text, unfinished: names.filter((name) => name.startsWith('tmp-')) };
  }, digest);
  await kill();
  if (found.text !== digest) throw new Error(`The bytes are wrong: ${found.text}`);
  if (found.unfinished.length > 0) throw new Error(`Left: ${found.unfinished.join(', ')}`);
  const twice = sent - downloads * SIZE;
  const most = KILLS * CONNECTIONS * PART;
  console.log(
    `${KILLS} kills, ${downloads} downloads: ${(twice / 1e6).toFixed(1)} MB came twice, at most ${(most / 1e6).toFixed(1)} may; the digest is right, nothing unfinished is left.`,
  );
  if (twice > most) throw new Error('More came twice than a part a connection and kill');
} finally {
  await site.close();
  await rm(profile, { recursive: true, force: true });
}
