/** The page's calls to `/api/paddock/storage`. */
import type { CheckLine, StorageReport } from '#core/paddock-api';
import { getJson, post, postJson } from '$lib/client/ask-host';
import { readLines } from '$lib/core/read-lines';

const STORAGE = 'api/paddock/storage';

export function storageReport(): Promise<StorageReport> {
  return getJson<StorageReport>(STORAGE);
}

/** All models without a name. @throws PaddockError `aborted`, `storage_failed` */
export async function* checkStorage(
  signal: AbortSignal,
  model?: string,
): AsyncGenerator<CheckLine, void, void> {
  yield* readLines<CheckLine>(await post(`${STORAGE}/check`, { model }, signal));
}

export interface RepairLine {
  status: string;
  completed?: number;
  total?: number;
}

/** @param accept the digest of a library that may take the known one's place @throws PaddockError as a pull */
export async function* repairModel(
  model: string,
  signal: AbortSignal,
  accept?: string,
): AsyncGenerator<RepairLine, void, void> {
  const body = { model, accept_library: accept };
  yield* readLines<RepairLine>(await post(`${STORAGE}/repair`, body, signal));
}

/** Removes what nothing needs. @throws PaddockError `storage_failed` */
export function collectStorage(): Promise<{ removed: number; size: number }> {
  return postJson<{ removed: number; size: number }>(`${STORAGE}/collect`, {});
}
