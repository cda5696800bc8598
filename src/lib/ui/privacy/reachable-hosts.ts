export interface ReachableHost {
  /** As in the policy: an origin, perhaps with `*`. */
  address: string;
  /** What it is asked for. */
  purpose: string;
}

/** The first that fits says it; the order matters. */
const PURPOSES: [pattern: RegExp, purpose: string][] = [
  [
    /^https:\/\/(huggingface\.co|\*\.hf\.co)$/,
    'Models from Hugging Face: asked only when you download one from there.',
  ],
  [
    /^https:\/\/raw\.githubusercontent\.com$/,
    'Libraries of MLC models: asked only when you download one that WebLLM lists.',
  ],
  [
    /^http:\/\/(localhost|127\.0\.0\.1):/,
    'Your own computer: asked only when you name a registry there.',
  ],
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
      const purpose = 'This site: its pages, its scripts and the models that it publishes.';
      return { address: page.location.origin, purpose };
    }
    const known = PURPOSES.find(([pattern]) => pattern.test(source));
    const purpose = known?.[1] ?? 'Added by whoever publishes this site.';
    return { address: source, purpose };
  });
}
