/**
 * Kills between the last bytes of a model and its listing, in the place of an older model of the same name, with a
 * copy and a deletion under way: either the old model is there or the new one, never half of either.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Random } from '../../fixtures/random-model/random';
import { openBrowser, type OpenBrowser } from '../browser';
import { ModelSite } from '../model-site';
import {
  ask,
  filesOf,
  listed,
  openApp,
  openBare,
  recordsOf,
  replaced,
  wholeBlobs,
  type Listed,
  type StoredFile,
} from './look';

const MODEL = 'smollm2:135m';
const PART = 4 * 1024 * 1024;
const SIZE = 12 * 1024 * 1024;
/** Two connections fetch so much, each of which may be cut off before its part is noted. */
const MAY_COME_TWICE = 2 * PART;
/** Bytes a second and connection. */
const RATE = 30_000_000;
/** How much longer than the window itself the kills are spread. */
const BEYOND = 1.25;
/** Pulls that nobody disturbs, of which the median counts. */
const MEASURED = 3;
/** Milliseconds before a kill in which a copy and a deletion begin. */
const BEFORE = 200;

/** One kill, and what was there before. */
interface Round {
  number: number;
  /** Manifests' digests: what the name had, and what it is to have. */
  old: string;
  /** Of the new weights: their path, and the file's name. */
  weights: string;
  /** Milliseconds from the last byte to the kill. */
  offset: number;
}

export async function killCommits(profile: string, kills: number, random: Random): Promise<void> {
  const site = await new ModelSite(RATE).start();
  const found = { old: 0, new: 0, copied: 0, deleted: 0 };
  try {
    let opened = await openBrowser(profile);
    await openApp(opened.page, site.url);
    await pullTo(opened.page, site, 'held:1', 1);
    await pullTo(opened.page, site, MODEL, 2);
    const times: number[] = [];
    for (let n = 0; n < MEASURED; n++) times.push(await measure(opened.page, site, 3 + n));
    const median = times.sort((a, b) => a - b)[Math.floor(MEASURED / 2)]!;
    const window = BEYOND * median;
    console.log(`From the last byte to the listing: ${median.toFixed(0)} ms.`);
    for (let number = 1; number <= kills; number++) {
      // One in each part of the window, anywhere in that.
      const offset = ((number - 1 + random.uniform()) / kills) * window;
      const round = await killAt(opened, site, number, offset, random);
      opened = await openBrowser(profile);
      const outcome = await inspect(opened.page, site, round);
      found[outcome.model]++;
      if (outcome.copied) found.copied++;
      if (outcome.deleted) found.deleted++;
      console.log(`kill ${number}, ${offset.toFixed(0)} ms after the last byte: ${outcome.words}`);
    }
    await settleAll(opened.page);
    await opened.kill();
    const { copied, deleted } = found;
    const which = `${found.old} found the old model, ${found.new} the new one`;
    console.log(`${kills} kills at the end: ${which}; ${copied} copies and ${deleted} deletions`);
    console.log(
      'were done. Nothing was half; every digest is right, and no file or ledger is left.',
    );
  } finally {
    await site.close();
  }
}

/** Milliseconds from the last byte sent to the listing, of a pull that nobody disturbs. */
async function measure(page: Page, site: ModelSite, seed: number): Promise<number> {
  const old = await digestOf(page, MODEL);
  const weights = site.publish(MODEL, SIZE, seed);
  const whole = wholeAt(site, weights);
  await ask(page, 'POST', '/api/paddock/pulls', { model: MODEL });
  await replaced(page, MODEL, old);
  const took = performance.now() - (await whole);
  await idle(page);
  return took;
}

async function killAt(
  { page, kill }: OpenBrowser,
  site: ModelSite,
  number: number,
  offset: number,
  random: Random,
): Promise<Round> {
  await pullTo(page, site, `lone:${number}`, 1000 + number);
  const old = await digestOf(page, MODEL);
  const weights = site.publish(MODEL, SIZE, 100 + number);
  const whole = wholeAt(site, weights);
  await ask(page, 'POST', '/api/paddock/pulls', { model: MODEL });
  await whole;
  const head = Math.min(offset, random.uniform() * BEFORE);
  await wait(offset - head);
  // They end with the browser.
  const copy = { source: 'held:1', destination: `copied:${number}` };
  void ask(page, 'POST', '/api/copy', copy).catch(() => {});
  void ask(page, 'DELETE', '/api/delete', { model: `lone:${number}` }).catch(() => {});
  await wait(head);
  await kill();
  site.holdManifests(); // so that the pull does not go on while one looks
  return { number, old, weights, offset };
}

/** @throws Error for anything that is half there, or came twice */
async function inspect(page: Page, site: ModelSite, { number, old, weights }: Round) {
  await openBare(page, site.url);
  const before = await filesOf(page);
  const sentBefore = site.sent;
  await openApp(page, site.url);
  const models = await listed(page);
  const model = models.find(({ name }) => name === MODEL);
  if (!model) throw new Error(`Kill ${number}: neither model is listed`);
  const weightsFile = weights.split('/').at(-1)!;
  const isNew = (await wholeBlobs(page, MODEL)).includes(weightsFile.slice('sha256-'.length));
  if (isNew === (model.digest === old)) throw new Error(`Kill ${number}: digest and blobs differ`);
  await ask(page, 'POST', '/api/generate', { model: MODEL }); // loads it
  const copied = await alike(page, models, `copied:${number}`, 'held:1');
  const lone = models.find(({ name }) => name === `lone:${number}`);
  if (lone) await wholeBlobs(page, lone.name);
  await noneHalf(page, number);

  site.release();
  await replaced(page, MODEL, old);
  await idle(page);
  await wholeBlobs(page, MODEL);
  const after = await filesOf(page);
  const unfinished = after.filter(({ name }) => name.startsWith('tmp-'));
  if (unfinished.length > 0) throw new Error(`Kill ${number} left ${JSON.stringify(unfinished)}`);
  const again = site.sent - sentBefore;
  const finished = has(before, weightsFile);
  const most = finished ? 0 : MAY_COME_TWICE;
  if (again > most) throw new Error(`Kill ${number}: ${again} bytes came twice, ${most} may`);
  for (const name of [copied && `copied:${number}`, lone?.name]) {
    if (name) await ask(page, 'DELETE', '/api/delete', { model: name });
  }
  const words = [
    isNew ? 'the new model' : 'the old model',
    finished ? 'new weights were finished' : 'new weights were not finished',
    `${(again / 1e6).toFixed(1)} MB again`,
    copied ? 'copied' : 'not copied',
    lone ? 'not deleted' : 'deleted',
  ].join(', ');
  return { model: isNew ? ('new' as const) : ('old' as const), copied, deleted: !lone, words };
}

/** Whether `copy` is there. @throws Error when it is not the same as `source` */
async function alike(page: Page, models: Listed[], copy: string, source: string): Promise<boolean> {
  const there = models.find(({ name }) => name === copy);
  const original = models.find(({ name }) => name === source);
  if (!original) throw new Error(`${source} is gone`);
  if (there && there.digest !== original.digest) throw new Error(`${copy} is not ${source}`);
  await wholeBlobs(page, source);
  return there !== undefined;
}

/** A manifest whose blobs are gone is in no list of models, but in the storage's. */
async function noneHalf(page: Page, number: number): Promise<void> {
  const report = await ask<{ corrupt: number; models: { name: string; state?: string }[] }>(
    page,
    'GET',
    '/api/paddock/storage',
  );
  const half = report.models.filter(({ state }) => state !== undefined);
  if (half.length > 0 || report.corrupt > 0) {
    throw new Error(`Kill ${number}: half there: ${JSON.stringify({ half, ...report })}`);
  }
}

/** After all: what no model needs is removed when one asks, and nothing but models is left. */
async function settleAll(page: Page): Promise<void> {
  await ask(page, 'POST', '/api/paddock/storage/collect');
  const needed = new Set<string>();
  for (const { name } of await listed(page)) {
    for (const hex of await wholeBlobs(page, name)) needed.add(`sha256-${hex}`);
  }
  const left = (await filesOf(page)).filter(({ name }) => !needed.has(name));
  if (left.length > 0) throw new Error(`Nothing needs ${JSON.stringify(left)}`);
  const { ledgers, pulls } = await recordsOf(page);
  if (ledgers || pulls) throw new Error(`Left: ${ledgers} ledgers, ${pulls} downloads`);
}

async function pullTo(page: Page, site: ModelSite, model: string, seed: number): Promise<void> {
  site.publish(model, model === MODEL ? SIZE : 1000, seed);
  await ask(page, 'POST', '/api/paddock/pulls', { model });
  await replaced(page, model, '');
  await idle(page);
}

/** Resolves when no download runs or waits. */
function idle(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (;;) {
      const response = await fetch('/api/paddock/pulls');
      const { pulls } = (await response.json()) as { pulls: { model: string; state: string }[] };
      const failed = pulls.find(({ state }) => state === 'failed' || state === 'paused');
      if (failed) throw new Error(`A download failed: ${JSON.stringify(failed)}`);
      if (pulls.every(({ state }) => state === 'done')) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

async function digestOf(page: Page, model: string): Promise<string> {
  return (await listed(page)).find(({ name }) => name === model)!.digest;
}

/** When the last byte of `weights` is sent, in `performance.now()`. */
function wholeAt(site: ModelSite, weights: string): Promise<number> {
  return new Promise((resolve) => {
    site.onWhole = (path) => {
      if (path === weights) resolve(performance.now());
    };
  });
}

function has(files: StoredFile[], name: string): boolean {
  const names = files.map((file) => file.name);
  return names.includes(name) && !names.includes(`tmp-${name}`);
}
