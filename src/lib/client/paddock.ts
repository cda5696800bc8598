/** What the page asks for as it starts, `/api/paddock/…`, and the browser's own storage figures. */
import type { ListResponse, ModelResponse } from 'ollama/browser';
import type { Activity, EngineInfo } from '#core/engine';
import type { Refusal } from '#core/network-gate';
import { getJson, postJson } from '$lib/client/ask-host';

export interface RunningModel {
  /** What it was last asked for under. */
  name: string;
  /** All that it was asked for under: models of the same files share what is loaded. */
  names: string[];
  info: EngineInfo;
}

/** The installed models, newest first. */
export async function installedModels(): Promise<ModelResponse[]> {
  return (await getJson<ListResponse>('api/tags')).models;
}

/** The loaded models, as Ollama lists them. */
export async function loadedModels(): Promise<ModelResponse[]> {
  return (await getJson<ListResponse>('api/ps')).models;
}

export interface Runners {
  runners: RunningModel[];
  /** What models do before they write. */
  activities: Activity[];
  /** Models whose reply has begun, or has to end first: whoever waits for a first word waits for an end. */
  writing: string[];
}

/** The loaded models and what really runs them, and what is under way. */
export function runners(): Promise<Runners> {
  return getJson<Runners>('api/paddock/runners');
}

/** The host's half of the switch "network off", and what it refused, newest first. */
export interface HostNetwork {
  off: boolean;
  refused: Refusal[];
}

export function networkOfHost(): Promise<HostNetwork> {
  return getJson<HostNetwork>('api/paddock/network');
}

/** Says to the running host whether other origins may be asked for anything. */
export function switchNetworkOfHost(off: boolean): Promise<HostNetwork> {
  return postJson<HostNetwork>('api/paddock/network', { off });
}

/** The version of the API's server, which is Paddock's own. */
export async function serverVersion(): Promise<string> {
  return (await getJson<{ version: string }>('api/version')).version;
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
