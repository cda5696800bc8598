import { base } from '$app/paths';

/** The address of the site's folder, ending in `/`: the root of pages, API and static registry. */
export function siteUrl(): string {
  return new URL(`${base}/`, location.href).href;
}
