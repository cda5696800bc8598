import { siteUrl } from '$lib/client/site';

/**
 * The page's only door to script URLs: under `require-trusted-types-for 'script'` a plain string is
 * refused unless the `default` policy admits it, and this one admits our own worker and service-worker files.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

/** Installs the policy; does nothing where the browser has no Trusted Types or it is there already. */
export function allowOwnWorkers(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory & { defaultPolicy: unknown } })
    .trustedTypes;
  if (!factory || factory.defaultPolicy) return;
  factory.createPolicy('default', {
    createScriptURL(url) {
      const { href } = new URL(url, location.href);
      if (isOwnScript(href)) return url;
      throw new TypeError(`Paddock does not run scripts from ${href}`);
    },
  });
}

/** By the site's own folder: on a shared origin other folders are other people's. */
function isOwnScript(href: string): boolean {
  const site = siteUrl();
  if (import.meta.env.DEV) return href.startsWith(site);
  return href === `${site}service-worker.js` || href.startsWith(`${site}_app/immutable/workers/`);
}
