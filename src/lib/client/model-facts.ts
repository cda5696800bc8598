/** The page's calls about models: what is installed, in detail, and what a pull would fetch. */
import type { ModelFacts, ResolvedPull } from '#core/paddock-api';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/** Newest first. */
export async function modelFacts(): Promise<ModelFacts[]> {
  const response = await portFetch(link, siteUrl())(`${siteUrl()}api/paddock/models`);
  return ((await response.json()) as { models: ModelFacts[] }).models;
}

/** What a pull of `model` would fetch; nothing is stored. @throws PaddockError as a pull */
export async function resolvePull(model: string, insecure: boolean): Promise<ResolvedPull> {
  const response = await portFetch(link, siteUrl())(`${siteUrl()}api/paddock/resolve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, insecure }),
  });
  return (await response.json()) as ResolvedPull;
}
