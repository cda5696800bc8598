/** Which blobs are known to be damaged. A mark is of the bytes that were checked: what is written anew has none. */
import type { Digest } from '#core/digest';
import type { RegistryContext } from './context';

export async function damagedBlobs({
  db,
  store,
}: Pick<RegistryContext, 'db' | 'store'>): Promise<Set<Digest>> {
  const marks = await db.damaged();
  if (marks.size === 0) return new Set();
  const there = await store.list();
  const damaged = there.filter(({ digest, modifiedAt }) => marks.get(digest) === modifiedAt);
  return new Set(damaged.map(({ digest }) => digest));
}
