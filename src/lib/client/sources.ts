/** Other hosts that models come from: their tokens, the hub's mirror, and what a pull would fetch. */
import type { HubSetting, ResolvedPull, TokenHosts } from '#core/paddock-api';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/** `GET` without a body, else `POST` of it. @throws PaddockError with the host's code */
async function ask<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const url = `${siteUrl()}api/paddock/${path}`;
  const init = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await portFetch(link, siteUrl())(url, { ...init, signal });
  return (await response.json()) as T;
}

/** Hosts for which there is a token; the tokens themselves never come back. */
export async function tokenHosts(): Promise<string[]> {
  return (await ask<TokenHosts>('tokens')).hosts;
}

/** Keeps the token for requests to `host` alone; null forgets it. The hosts that have one now. */
export async function setToken(host: string, token: string | null): Promise<string[]> {
  return (await ask<TokenHosts>('tokens', { host, token })).hosts;
}

/** The address that stands in for the hub; null: nothing. */
export async function hubMirror(): Promise<string | null> {
  return (await ask<HubSetting>('hub')).mirror;
}

/** Null: the hub itself. What is kept, perhaps without its last slash. */
export async function setHubMirror(mirror: string | null): Promise<string | null> {
  return (await ask<HubSetting>('hub', { mirror })).mirror;
}

/** What a pull of `model` would fetch; nothing is stored. */
export function resolvePull(
  model: string,
  insecure = false,
  signal?: AbortSignal,
): Promise<ResolvedPull> {
  return ask<ResolvedPull>('resolve', { model, insecure }, signal);
}
