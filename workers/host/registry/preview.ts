/** What a pull would fetch, before anybody decides. */
import { toWire } from '#core/errors';
import { layersOf, LAYER_PREFIX, type Layer } from '#core/manifest';
import { needsOfQuantization } from '#core/mlc/adapter';
import { LIBRARY_NAME, libraryKey } from '#core/mlc/library';
import { noGpu } from '#core/mlc/needs';
import { displayName } from '#core/names';
import type { ResolvedPull } from '#core/paddock-api';
import type { PullTarget } from '#core/pull-target';
import { totalSize } from '#core/total-size';
import { freeBytes } from '#store/storage-error';
import type { RegistryContext } from './context';
import { needsOfPlan } from './mlc/arrival';
import { withStoredLibrary } from './mlc/library';
import { findPlan } from './provenance';
import type { PlannedFile, PullPlan } from './source';

/** Asks the source as a pull would; stores nothing. @throws PaddockError as `Source.resolve` */
export async function preview(
  context: RegistryContext,
  target: PullTarget,
  signal: AbortSignal,
): Promise<ResolvedPull> {
  const found = await findPlan(context, target, signal);
  const plan =
    found.plan.kind === 'files' ? await withStoredLibrary(context, found.plan) : found.plan;
  const files = await Promise.all(filesOf(plan).map((file) => asKnown(context, plan, file)));
  return {
    model: displayName(target.name),
    size: totalSize(files),
    needed: await missingBytes(context, files),
    free: await freeBytes(context.estimate),
    files: files.map(({ name, size }) => ({ name, size })),
    choices: plan.kind === 'files' ? (plan.choices ?? []) : [],
    ...(await aboutMlc(context, plan)),
  };
}

/** Of a manifest no more is known before its first byte than that it needs an adapter. */
async function aboutMlc(
  { adapter }: RegistryContext,
  plan: PullPlan,
): Promise<Pick<ResolvedPull, 'library' | 'refused'>> {
  const mlc = plan.kind === 'files' ? plan.mlc : undefined;
  const published = plan.kind === 'manifest' && layersOf(plan.manifest, 'library').length > 0;
  if (!mlc && !published) return {};
  const needs = mlc ? needsOfPlan(mlc) : needsOfQuantization('');
  const lack = noGpu(needs, await adapter());
  return { ...(mlc && { library: { from: mlc.library } }), ...(lack && { refused: toWire(lack) }) };
}

type File = Pick<PlannedFile, 'digest' | 'name' | 'size'>;

function filesOf(plan: PullPlan): File[] {
  if (plan.kind === 'files') return plan.files;
  const { config, layers } = plan.manifest;
  return [
    ...layers.map((layer) => ({ ...layer, name: nameOf(layer) })),
    { ...config, name: 'config' },
  ];
}

function nameOf({ mediaType, name }: Layer): string {
  return (
    name ?? (mediaType.startsWith(LAYER_PREFIX) ? mediaType.slice(LAYER_PREFIX.length) : 'file')
  );
}

/** A library that its address is known to have: a pull reads it again, to see whether it is the same, and keeps one. */
async function asKnown({ db }: RegistryContext, plan: PullPlan, file: File): Promise<File> {
  const url = plan.kind === 'files' ? plan.mlc?.library : null;
  if (!url || file.digest !== null || file.name !== LIBRARY_NAME) return file;
  return { ...file, digest: await db.library(libraryKey(url)) };
}

/** Bytes that are not here; of a file without a digest all are missing, as nobody can say which they are. */
async function missingBytes({ store }: RegistryContext, files: File[]): Promise<number> {
  let needed = 0;
  const seen = new Set<string>();
  for (const { digest, size } of files) {
    if (digest !== null && seen.has(digest)) continue;
    if (digest === null) needed += size;
    else if ((await store.size(digest)) !== size) {
      needed += Math.max(0, size - (await store.unfinishedSize(digest)));
    }
    if (digest !== null) seen.add(digest);
  }
  return needed;
}
