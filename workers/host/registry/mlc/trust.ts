/** Libraries are trusted on first use, and never changed in silence. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { displayName, parseName } from '#core/names';
import type { RegistryContext } from '../context';

/** A library, and by what it is known. */
export interface KnownLibrary {
  /** `libraryKey` of its address; of one that came with a manifest, or from a disk, `nameKey` of its model. */
  key: string;
  digest: Digest;
}

type Context = Pick<RegistryContext, 'db'>;

/**
 * What comes has to be what came before, or what `accepted` names.
 * @throws PaddockError `library_changed` (detail: url or model, recorded, found)
 */
export async function requireKnown(
  { db }: Context,
  { key, digest }: KnownLibrary,
  accepted: Digest | undefined,
): Promise<void> {
  const recorded = await db.library(key);
  if (recorded !== null) refuseOther(key, recorded, digest, accepted);
}

/**
 * The same in the moment when it is noted: of two that come first at once, one is trusted and the other is another.
 * @throws PaddockError `library_changed`, as `requireKnown`
 */
export async function trust(
  { db }: Context,
  { key, digest }: KnownLibrary,
  accepted: Digest | undefined,
): Promise<void> {
  const recorded = await db.noteLibrary({ url: key, digest }, accepted);
  refuseOther(key, recorded, digest, accepted);
}

function refuseOther(key: string, recorded: Digest, found: Digest, accepted?: Digest): void {
  if (recorded === found || accepted === found) return;
  const name = /^https?:/.test(key) ? null : parseName(key);
  const [what, where] = name
    ? [`the library of ${displayName(name)}`, { model: displayName(name) }]
    : [`the library at ${key}`, { url: key }];
  const why = `${what} was ${recorded} and is ${found} now`;
  throw new PaddockError('library_changed', why, { ...where, recorded, found });
}
