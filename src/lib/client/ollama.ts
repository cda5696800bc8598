/** The one client of the page: the npm package `ollama`, whose `fetch` goes over the port to the host. */
import type { Ollama } from 'ollama/browser';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/**
 * A client whose every request ends when `signal` aborts. The iterator that `chat` and `pull` give can be
 * aborted too, but it exists only once the answer has begun: a model that loads could not be stopped.
 * The package comes with the first action: the page starts without it (see `paddock.ts`).
 */
export async function openOllama(signal?: AbortSignal): Promise<Ollama> {
  const { Ollama } = await import('ollama/browser');
  const overPort = portFetch(link, siteUrl());
  return new Ollama({
    host: siteUrl().replace(/\/$/, ''),
    fetch: signal ? (input, init) => overPort(input, { ...init, signal }) : overPort,
  });
}
