/** Takes away what a cancelled pull leaves. */
import type { Digest } from '#core/digest';
import type { RegistryContext } from './context';
import { isAtWork, removeUnused } from './gc';
import type { Transfers } from './transfers';

/** A worker that was ended gives its file back within moments; what it does not is left to the next start. */
const TRIES = 20;
const WAIT_MS = 100;

/**
 * Removes those of `digests` that nothing needs, once the transfers that stop have given them back. What came from a
 * disk meanwhile, or by a request, stays for who sent it.
 */
export async function discard(
  context: RegistryContext,
  transfers: Transfers,
  digests: Digest[],
): Promise<void> {
  digests = [...digests, ...(await transfers.stopped(digests))];
  for (let tries = 1; ; tries++) {
    const left = await removeUnused(context, digests, (digest) => isAtWork(context, digest));
    if (left.length === 0 || tries === TRIES) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    digests = left;
  }
}
