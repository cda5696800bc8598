import { parseDigest, type Digest } from '#core/digest';
import { isWasm, WASM_HEAD } from '#core/mlc/library';
import { factsOf } from '#core/model-file';
import type { StoreLine } from '#core/paddock-api';
import { readBlobHeader } from '#store/blob-header';
import { badRequest, brief } from '../body';
import type { Deps } from '../deps';
import type { Route } from '../route';
import { streamStatuses } from '../statuses';

/** `POST /api/paddock/blobs`: the body, a file, into the store. */
export const storeBlob: Route = async (request, deps, signal) => {
  const wanted = new URL(request.url).searchParams.get('digest');
  const digest = wanted === null ? null : parseDigest(wanted);
  if (wanted !== null && !digest) throw badRequest(`invalid digest "${brief(wanted)}"`);
  const blob = await request.blob();
  if (!digest && !(await isLibrary(blob))) factsOf(await readBlobHeader(blob, { parts: true }), '');
  return streamStatuses((stop) => storing(deps, blob, digest, stop), signal);
};

async function isLibrary(blob: Blob): Promise<boolean> {
  return isWasm(new Uint8Array(await blob.slice(0, WASM_HEAD).arrayBuffer()));
}

async function* storing(
  { registry }: Deps,
  blob: Blob,
  expected: Digest | null,
  signal: AbortSignal,
): AsyncGenerator<StoreLine, void, void> {
  const total = blob.size;
  let digest: Digest | undefined;
  const steps = async function* () {
    digest = yield* registry.storeBytes(blob, expected, signal);
  };
  for await (const { completed } of steps()) yield { status: 'storing', completed, total };
  yield { status: 'success', completed: total, total, digest };
}
