/** Where a model came from, and so where it is fetched again. */
import { PaddockError } from '#core/errors';
import { displayName, nameKey, parseName } from '#core/names';
import { wishesOf, type PullTarget } from '#core/pull-target';
import type { RegistryContext } from './context';
import { libraryOf } from './mlc/library';
import type { Provenance, StoredManifest } from './records';
import type { PullPlan, Source } from './source';

/** What a record says of it, and nothing else. */
export function provenanceOf({ from, insecure, made, library }: Provenance): Provenance {
  return {
    ...(from !== undefined && { from }),
    ...(insecure && { insecure }),
    ...(made && { made }),
    ...(library !== undefined && { library }),
  };
}

/** What `from` says, or the name. @throws PaddockError `not_in_registry` for what was made on this device */
export function targetOf(record: StoredManifest): PullTarget {
  const { name, from, insecure, made } = record;
  const way = insecure && { insecure };
  if (!from && !made) return { name, ...way };
  if (from && /^https?:/.test(from)) return { name, url: from, ...way };
  const other = from ? parseName(from) : null;
  if (other) return { name: other, ...way };
  const message = `${displayName(name)} came from this device: import it again.`;
  throw new PaddockError('not_in_registry', message, { model: displayName(name) });
}

/** A plan, and what a record has to say so that the next pull finds it too. */
export interface FoundPlan extends Provenance {
  plan: PullPlan;
  /** `nameKey` of the model where it was found: of a copy, the name that it was copied from. */
  key: string;
}

/**
 * Asks the source for `target`. A model that is here already is asked for over plain HTTP where that was good enough
 * before, and with the library that was named for it; one that its own name does not lead to, such as a copy, comes
 * from where it came the last time.
 * @throws PaddockError as `Source.resolve`
 */
export async function findPlan(
  { db, source }: Pick<RegistryContext, 'db' | 'source'>,
  target: PullTarget,
  signal: AbortSignal,
): Promise<FoundPlan> {
  const key = nameKey(target.name);
  const record = await db.manifest(key);
  const insecure = target.insecure || record?.insecure ? true : undefined;
  const library = record ? libraryOf(record) : undefined;
  const named = target.library ?? record?.library;
  const found = (plan: PullPlan): Omit<FoundPlan, 'key'> => ({
    plan,
    insecure,
    ...(plan.kind === 'files' && plan.mlc && { library: named }),
  });
  try {
    const asked = { ...target, insecure, library: named };
    return { ...found(await planOf(source, asked, library, signal)), key };
  } catch (error) {
    const absent = error instanceof PaddockError && error.code === 'not_in_registry';
    if (!absent || !record?.from || target.url !== undefined) throw error;
    const { from } = record;
    const there = { ...wishesOf({ ...target, library: named }), ...targetOf(record) };
    const plan = await planOf(source, there, library, signal);
    return { ...found(plan), from, key: nameKey(there.name) };
  }
}

/** The source's; a `library` that neither `target` nor web-llm's list names is the one that the model had. */
export async function planOf(
  source: Source,
  target: PullTarget,
  library: string | undefined,
  signal: AbortSignal,
): Promise<PullPlan> {
  const plan = await source.resolve(target, signal);
  const unnamed = plan.kind === 'files' && plan.mlc?.library === null;
  return unnamed && library ? source.resolve({ ...target, library }, signal) : plan;
}
