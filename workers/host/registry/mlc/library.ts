/** An MLC model's library: code of a stranger. Whether it is the one that is known is `trust.ts`. */
import { parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { layersOf, LAYER_PREFIX } from '#core/manifest';
import { isWasm, LIBRARY_NAME, WASM_HEAD } from '#core/mlc/library';
import type { BlobStore } from '#store/blob-store';
import type { RegistryContext } from '../context';
import { damagedBlobs } from '../damage';
import type { StoredManifest } from '../records';
import type { FilesPlan, PlannedFile } from '../source';

const LIBRARY = `${LAYER_PREFIX}library`;

/** The plan with the library that is here already, where it was named by its digest. @throws PaddockError `bad_library` */
export async function withStoredLibrary(
  context: Pick<RegistryContext, 'db' | 'store'>,
  plan: FilesPlan,
): Promise<FilesPlan> {
  const digest = parseDigest(plan.mlc?.library);
  if (!digest) return plan;
  const size = await context.store.size(digest);
  if (size === null || (await damagedBlobs(context)).has(digest)) {
    const why = `the file ${digest} is not on this device, or damaged; choose it again`;
    throw new PaddockError('bad_library', why);
  }
  const origin = { kind: 'bytes', blob: await context.store.open(digest) } as const;
  const file: PlannedFile = { digest, size, mediaType: LIBRARY, name: LIBRARY_NAME, origin };
  const shards = plan.files.findIndex(({ mediaType }) => mediaType === `${LAYER_PREFIX}tensor`);
  return { ...plan, files: plan.files.toSpliced(shards, 0, file) };
}

/** What a model that is here had for its library: where it came from, or the file. */
export function libraryOf({ config, manifest }: StoredManifest): string | undefined {
  return config.library?.url ?? layersOf(manifest, 'library')[0]?.digest;
}

/** @throws PaddockError `bad_library` before anything of a model is fetched that nobody has named a library for */
export function requireLibrary({ mlc, from }: FilesPlan): void {
  if (!mlc || mlc.library !== null) return;
  const why = `WebLLM's list has none for ${new URL(from).pathname.split('/').slice(1, 3).join('/')}`;
  throw new PaddockError('bad_library', why, { wanted: true });
}

/** @throws PaddockError `bad_library` for a stored file that is no WebAssembly, such as a web page */
export async function requireWasm(store: Pick<BlobStore, 'open'>, digest: Digest): Promise<void> {
  await requireWasmFile(await store.open(digest));
}

/** @throws PaddockError `bad_library`, as `requireWasm` */
export async function requireWasmFile(file: Blob): Promise<void> {
  if (await isWasmFile(file)) return;
  throw new PaddockError('bad_library', 'it is no WebAssembly (.wasm), which a library is');
}

export async function isWasmFile(file: Blob): Promise<boolean> {
  return isWasm(new Uint8Array(await file.slice(0, WASM_HEAD).arrayBuffer()));
}
