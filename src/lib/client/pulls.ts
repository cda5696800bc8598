/** The page's calls to the queue of downloads, `/api/paddock/pulls`. */
import type { LibraryWords, PullQueue } from '#core/paddock-api';
import { askHost, getJson, postJson } from '$lib/client/ask-host';
import { readLines } from '$lib/core/read-lines';

const QUEUE = 'api/paddock/pulls';

export function readQueue(): Promise<PullQueue> {
  return getJson<PullQueue>(QUEUE);
}

/** The queue now and at each change, until `signal` aborts. @throws PaddockError `host_died` among others */
export async function* followQueue(signal: AbortSignal): AsyncGenerator<PullQueue, void, void> {
  yield* readLines<PullQueue>(await askHost(`${QUEUE}?stream=true`, { signal }));
}

/** Adds `model`, or goes on with the one that is there. @throws PaddockError `invalid_name` among others */
export async function addPull(
  model: string,
  insecure: boolean,
  words?: LibraryWords,
): Promise<void> {
  await postJson(QUEUE, { model, insecure, ...words });
}

/** What a person does with a download; `cancel` also dismisses what is done. */
export type PullAction = 'pause' | 'resume' | 'cancel';

export function changePull(action: PullAction, model: string): Promise<PullQueue> {
  return postJson<PullQueue>(`${QUEUE}/${action}`, { model });
}

export function limitPulls(parallel: number): Promise<PullQueue> {
  return postJson<PullQueue>(`${QUEUE}/limit`, { parallel });
}
