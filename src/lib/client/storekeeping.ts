/** The page's calls to `/api/paddock/storage`. */
import type { CheckLine, StorageReport } from '#core/paddock-api';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { readLines } from '$lib/client/read-lines';
import { siteUrl } from '$lib/client/site';

function ask(path: string, init?: RequestInit): Promise<Response> {
  return portFetch(link, siteUrl())(`${siteUrl()}api/paddock/storage${path}`, init);
}

function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

export async function storageReport(): Promise<StorageReport> {
  return (await (await ask('')).json()) as StorageReport;
}

/** All models without a name. @throws PaddockError `aborted`, `storage_failed` */
export async function* checkStorage(
  signal: AbortSignal,
  model?: string,
): AsyncGenerator<CheckLine, void, void> {
  yield* readLines<CheckLine>(await post('/check', { model }, signal));
}

export interface RepairLine {
  status: string;
  completed?: number;
  total?: number;
}

/** @throws PaddockError as a pull */
export async function* repairModel(
  model: string,
  signal: AbortSignal,
): AsyncGenerator<RepairLine, void, void> {
  yield* readLines<RepairLine>(await post('/repair', { model }, signal));
}

/** Removes what nothing needs. @throws PaddockError `storage_failed` */
export async function collectStorage(): Promise<{ removed: number; size: number }> {
  return (await (await post('/collect', {})).json()) as { removed: number; size: number };
}
