import { Ollama } from 'ollama/browser';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/**
 * A client whose every request ends when `signal` aborts. The iterator that `chat` and `pull` give can be
 * aborted too, but it exists only once the answer has begun: a model that loads could not be stopped.
 */
export function ollamaWith(signal: AbortSignal): Ollama {
  const overPort = portFetch(link);
  return new Ollama({
    host: siteUrl().replace(/\/$/, ''),
    fetch: (input, init) => overPort(input, { ...init, signal }),
  });
}
