import { displayName, nameKey, type ModelName } from '#core/names';
import { PaddockError } from '#core/errors';
import type { RegistryContext } from './context';
import { installManifest } from './install';
import type { InstalledModel } from './installed';
import { provenanceOf } from './provenance';
import type { Provenance, StoredManifest } from './records';

/** A second name for the same manifest; onto itself, in whatever case, it changes nothing. */
export async function copy(
  context: RegistryContext,
  source: InstalledModel,
  name: ModelName,
): Promise<void> {
  if (nameKey(name) === source.key) return;
  const record = await context.db.manifest(source.key);
  if (!record) throw new PaddockError('model_not_found', `model "${source.name}" not found`);
  await installManifest(context, name, record.text, originOf(record), null);
}

/** One that was created here nobody publishes, under any name. */
function originOf(record: StoredManifest): Provenance {
  const provenance = provenanceOf(record);
  return record.made ? provenance : { from: displayName(record.name), ...provenance };
}
