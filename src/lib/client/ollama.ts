/** The one client of the page: the npm package `ollama`, whose `fetch` goes over the port to the host. */
import { Ollama } from 'ollama/browser';
import { browser } from '$app/environment';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

export const ollama = new Ollama({
  host: browser ? siteUrl().replace(/\/$/, '') : 'http://localhost',
  fetch: portFetch(link),
});
