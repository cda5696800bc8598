/** What a model cannot be asked for at all is refused before a runner is started. */
import { MLC } from '#core/catalogue/mlc';
import { PaddockError } from '#core/errors';
import { weightsOf } from '#core/manifest';
import type { InstalledModel } from '../registry/installed';
import type { Deps } from './deps';

/** @throws PaddockError `not_supported` for a model that no engine here can ask, before any is started */
export async function requireText(
  { registry }: Deps,
  spelling: string,
  model: InstalledModel,
  route: 'chat' | 'generate',
): Promise<void> {
  const refuse = (why: string) => new PaddockError('not_supported', why);
  if (weightsOf(model.manifest).length === 0) {
    throw refuse(`"${spelling}" has no weights, so it does not support ${route}`);
  }
  const { capabilities, fault } = await registry.facts(model);
  if (fault) throw new PaddockError('model_unreadable', fault);
  requireVersion(model);
  if (!capabilities.includes('completion')) throw refuse(`"${spelling}" does not support ${route}`);
}

/** A library of another version of web-llm's interface would fail on the GPU, in words that nobody can use. */
export function requireVersion({ config }: InstalledModel): void {
  const recorded = config.library?.version;
  if (recorded === undefined || recorded === MLC.version) return;
  const why = `the library is for ${recorded}, and this is ${MLC.version}`;
  throw new PaddockError('bad_library', why, { recorded, needed: MLC.version });
}
