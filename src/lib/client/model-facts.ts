/** The page's calls about models: what is installed, in detail, and what a pull would fetch. */
import type { LibraryWords, ModelFacts, ResolvedPull } from '#core/paddock-api';
import { getJson, postJson } from '$lib/client/ask-host';

/** Newest first. */
export async function modelFacts(): Promise<ModelFacts[]> {
  return (await getJson<{ models: ModelFacts[] }>('api/paddock/models')).models;
}

/** What a pull of `model` would fetch; nothing is stored. @throws PaddockError as a pull */
export function resolvePull(
  model: string,
  insecure: boolean,
  words?: LibraryWords,
): Promise<ResolvedPull> {
  return postJson<ResolvedPull>('api/paddock/resolve', { model, insecure, ...words });
}
