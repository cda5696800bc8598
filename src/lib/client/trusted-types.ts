/**
 * The page's only door to script URLs: under `require-trusted-types-for 'script'` a plain string is
 * refused unless the `default` policy admits it, and this one admits our own worker and service-worker files.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const OWN_SCRIPT =
  /\/(_app\/immutable\/workers\/|workers\/|service-worker\.js|src\/service-worker\/)/;

/** Installs the policy; does nothing where the browser has no Trusted Types or it is there already. */
export function allowOwnWorkers(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory & { defaultPolicy: unknown } })
    .trustedTypes;
  if (!factory || factory.defaultPolicy) return;
  factory.createPolicy('default', {
    createScriptURL(url) {
      const { origin, pathname } = new URL(url, location.href);
      if (origin === location.origin && OWN_SCRIPT.test(pathname)) return url;
      throw new TypeError(`Paddock does not run scripts from ${origin}${pathname}`);
    },
  });
}
