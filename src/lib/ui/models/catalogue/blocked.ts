/** Why an entry cannot be downloaded now; null where it can. */
import { hostOf, type CatalogueEntry } from '#core/catalogue/catalogue';
import type { ReachableHost } from '$lib/ui/privacy/reachable-hosts';

export interface Surroundings {
  networkOff: boolean;
  offline: boolean;
  /** What the site's policy lets the page ask; empty: there is no policy. */
  hosts: readonly ReachableHost[];
}

/** The short name that Ollama gives the hub stands for this host. */
const HUB = { short: 'hf.co', host: 'huggingface.co' };

export function blockedBy(
  entry: CatalogueEntry,
  { networkOff, offline, hosts }: Surroundings,
): string | null {
  const named = hostOf(entry);
  const host = named === HUB.short ? HUB.host : named;
  if (host && hosts.length > 0 && !hosts.some(({ address }) => allows(address, host))) {
    return `Not here: this site's publisher has not allowed ${host}.`;
  }
  if (offline) return 'This device is offline.';
  if (host && networkOff) {
    return `The network is switched off, so ${host} is not asked. The switch is on the Privacy page.`;
  }
  return null;
}

/** Whether a source of the policy, such as `https://huggingface.co` or `https:`, lets `https` requests to `host` pass. */
function allows(source: string, host: string): boolean {
  if (source === '*' || source === 'https:') return true;
  const name = source.replace(/^https:\/\//, '');
  return name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)));
}
