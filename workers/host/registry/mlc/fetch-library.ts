/** A library from its address into the store, for an MLC model whose files come from a disk. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { libraryKey } from '#core/mlc/library';
import { blobKey } from '../blob-key';
import type { RegistryContext } from '../context';
import { Hold } from '../hold';
import { requireSpace } from '../space';
import type { BytesProgress } from '../store-bytes';
import type { Transfers } from '../transfers';
import { requireWasm } from './library';
import { trust } from './trust';

/**
 * Ends with its digest, which its address is known to have from now on. Until a manifest names it, it is kept for an
 * hour. @throws PaddockError `bad_library`, `library_changed` unless it is `accepted`; as a pull
 */
export async function* fetchLibrary(
  context: RegistryContext,
  transfers: Transfers,
  url: string,
  accepted: Digest | undefined,
  signal: AbortSignal,
): AsyncGenerator<BytesProgress, Digest, void> {
  const { cleaning, now, source, store, uploads } = context;
  if (!source.library) throw new PaddockError('bad_library', 'nobody here fetches libraries');
  const file = await source.library(url, signal);
  const { size: total, origin } = file;
  const key = await blobKey(file, origin);
  const hold = new Hold(context);
  const steps = transfers.fetch({ ...file, key }, origin, signal);
  try {
    await hold.add(key);
    await requireSpace(context, [{ ...file, key }]);
    for (;;) {
      const step = await steps.next();
      if (!step.done) {
        yield { completed: step.value, total };
        continue;
      }
      const digest = step.value;
      const known = { key: libraryKey(url), digest };
      await hold.add(digest);
      await requireWasm(store, digest);
      await trust(context, known, accepted);
      await cleaning.run(async () => uploads.add(digest, now()));
      return digest;
    }
  } finally {
    await steps.return(key); // stops it when nobody reads any more
    hold.release();
  }
}
