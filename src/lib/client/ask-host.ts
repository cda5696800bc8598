/** Requests to the host's API over this tab's port, without the `ollama` package. */
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/** `path` counts from the site's folder, such as `api/tags`. @throws PaddockError with the host's code */
export function askHost(path: string, init?: RequestInit): Promise<Response> {
  return portFetch(link, siteUrl())(siteUrl() + path, init);
}

/** The JSON that a `GET` of `path` answers. */
export async function getJson<T>(path: string): Promise<T> {
  return (await (await askHost(path)).json()) as T;
}

/** A `POST` of `body` as JSON. */
export function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return askHost(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

/** The JSON that it answers. */
export async function postJson<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  return (await (await post(path, body, signal)).json()) as T;
}
