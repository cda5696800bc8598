/** The page's calls to the queue of downloads, `/api/paddock/pulls`. */
import type { PullQueue } from '#core/paddock-api';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

function ask(path: string, init?: RequestInit): Promise<Response> {
  return portFetch(link, siteUrl())(`${siteUrl()}api/paddock/pulls${path}`, init);
}

async function post(path: string, body: unknown): Promise<PullQueue> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as PullQueue;
}

export async function readQueue(): Promise<PullQueue> {
  return (await (await ask('')).json()) as PullQueue;
}

/** The queue now and at each change, until `signal` aborts. @throws PaddockError `host_died` among others */
export async function* followQueue(signal: AbortSignal): AsyncGenerator<PullQueue, void, void> {
  const response = await ask('?stream=true', { signal });
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      // The host sends each line as a chunk.
      yield JSON.parse(decoder.decode(next.value)) as PullQueue;
    }
  } finally {
    await reader.cancel();
  }
}

/** Adds `model`, or goes on with the one that is there. @throws PaddockError `invalid_name` among others */
export async function addPull(model: string, insecure: boolean): Promise<void> {
  await post('', { model, insecure });
}

/** What a person does with a download; `cancel` also dismisses what is done. */
export type PullAction = 'pause' | 'resume' | 'cancel';

export function changePull(action: PullAction, model: string): Promise<PullQueue> {
  return post(`/${action}`, { model });
}

export function limitPulls(parallel: number): Promise<PullQueue> {
  return post('/limit', { parallel });
}
