/** The tiny MLC model on the built site, from a hub of this computer, through the API that other sites' code would use. */
import type { Page } from '@playwright/test';
import { startHubServer } from '../fixtures/hub-server';
import { expectedReplies, tinyLibrary, tinyMlc } from '../fixtures/tiny-mlc';
import { call, underServiceWorker } from './api-client';
import { expect, type Site } from './site';

const REPO = 'mlc-ai-test/tiny-MLC';
export const MODEL = `hf.co/${REPO}:latest`;
/** A preset of it that always writes the same. */
export const EXACT = 'tiny-exact:latest';
/** What that is, and what to ask for it. */
export const FIRST = expectedReplies()[0]!;

/** A load takes two seconds of SwiftShader's, and ten on a machine that does more. */
export const LOADED = { timeout: 60_000 };

export async function post(page: Page, path: string, body: object) {
  return call(page, path, { method: 'POST', body: JSON.stringify(body) });
}

export async function json(
  page: Page,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const { status, text } = await post(page, path, { stream: false, ...body });
  expect(status, text).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Under the service worker, with the model pulled and its preset made; the hub is away afterwards. */
export async function withModel(page: Page, site: Site): Promise<void> {
  const { world, close } = await startHubServer();
  world.repo(REPO, tinyMlc());
  const library = world.file('/tiny.wasm', tinyLibrary());
  await page.goto(site.url);
  await underServiceWorker(page);
  await post(page, 'api/paddock/hub', { mirror: world.origins.hub });
  await json(page, 'api/pull', { model: MODEL, library });
  await close();
  const parameters = { temperature: 0, num_predict: FIRST.max_tokens };
  await json(page, 'api/create', { model: EXACT, from: MODEL, parameters });
}

export async function loaded(tab: Page): Promise<{ name: string; context_length: number }[]> {
  const { text } = await call(tab, 'api/ps');
  return (JSON.parse(text) as { models: { name: string; context_length: number }[] }).models;
}
