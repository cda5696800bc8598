import * as m from '#core/messages/privacy';

export interface ReachableHost {
  /** As in the policy: an origin, perhaps with `*`. */
  address: string;
  /** What it is asked for. */
  purpose: () => string;
}

/** The first that fits says it; the order matters. */
const PURPOSES: [pattern: RegExp, purpose: () => string][] = [
  [/^https:\/\/(huggingface\.co|\*\.hf\.co)$/, m.privacy_host_hugging_face],
  [/^https:\/\/raw\.githubusercontent\.com$/, m.privacy_host_github],
  [/^http:\/\/(localhost|127\.0\.0\.1):/, m.privacy_host_local],
];

/** Where `page` can send requests: `connect-src` of the policy in the page itself; empty without one. */
export function reachableHosts(page: Document): ReachableHost[] {
  const metas = [...page.querySelectorAll<HTMLMetaElement>('meta[http-equiv]')];
  const policy = metas.find(
    ({ httpEquiv, dataset }) =>
      httpEquiv.toLowerCase() === 'content-security-policy' && dataset.networkOff === undefined,
  );
  const connect = policy?.content
    .split(';')
    .map((directive) => directive.trim().split(/\s+/))
    .find(([name]) => name === 'connect-src');
  return (connect ?? []).slice(1).map((source) => {
    if (source === "'self'") {
      return { address: page.location.origin, purpose: m.privacy_host_own };
    }
    const known = PURPOSES.find(([pattern]) => pattern.test(source));
    const purpose = known?.[1] ?? m.privacy_host_added;
    return { address: source, purpose };
  });
}
