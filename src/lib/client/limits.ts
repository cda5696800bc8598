/** What this browser gives a model, as the host measured it. */
import type { DeviceLimits } from '#core/paddock-api';
import { link } from '$lib/client/link';
import { portFetch } from '$lib/client/port-fetch';
import { siteUrl } from '$lib/client/site';

/** @throws PaddockError */
export async function deviceLimits(): Promise<DeviceLimits> {
  const response = await portFetch(link, siteUrl())(`${siteUrl()}api/paddock/limits`);
  return (await response.json()) as DeviceLimits;
}
