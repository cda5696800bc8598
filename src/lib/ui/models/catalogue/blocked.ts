/** Why a file cannot be downloaded now; null where it can. */
import { hostOf } from '#core/catalogue/catalogue';
import type { FamilyFile } from '#core/catalogue/families';
import { MLC } from '#core/catalogue/mlc';
import * as m from '#core/messages/catalogue';
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
  file: Pick<FamilyFile, 'hub' | 'format'>,
  { networkOff, offline, hosts }: Surroundings,
): string | null {
  const asked = hostsOf(file);
  const refused = asked.find((host) => !hosts.some(({ address }) => allows(address, host)));
  if (refused && hosts.length > 0) {
    return m.catalogue_blocked_host({ host: refused });
  }
  if (offline) return m.catalogue_blocked_offline();
  if (asked[0] && networkOff) {
    return m.catalogue_blocked_network({ host: asked[0] });
  }
  return null;
}

/** An MLC model's library comes from another host than its weights. */
function hostsOf(file: Pick<FamilyFile, 'hub' | 'format'>): string[] {
  const named = hostOf(file);
  if (!named) return [];
  const host = named === HUB.short ? HUB.host : named;
  return file.format === 'mlc' ? [host, new URL(MLC.libraries).host] : [host];
}

/** Whether a source of the policy, such as `https://huggingface.co` or `https:`, lets `https` requests to `host` pass. */
function allows(source: string, host: string): boolean {
  if (source === '*' || source === 'https:') return true;
  const name = source.replace(/^https:\/\//, '');
  return name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)));
}
