/** What Ollama's API has no word for: `/api/paddock/…`, and the browser's own storage figures. */
import type { EngineInfo } from '#core/engine';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

export interface RunningModel {
  name: string;
  info: EngineInfo;
}

/** The loaded models and what really runs them. */
export async function runners(): Promise<RunningModel[]> {
  const response = await portFetch(link)(`${siteUrl()}api/paddock/runners`);
  const { runners } = (await response.json()) as { runners: RunningModel[] };
  return runners;
}

/** Asks the browser to keep this site's data when space runs short; false when it declines. */
export async function requestPersistence(): Promise<boolean> {
  return (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

export interface StorageFigures {
  /** Bytes. */
  usage: number;
  /** Bytes. */
  quota: number;
  /** False: the browser may evict the data when space runs short. */
  persisted: boolean;
}

export async function storageEstimate(): Promise<StorageFigures> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { usage, quota, persisted: await navigator.storage.persisted() };
}
