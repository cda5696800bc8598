import { parseDigest, type Digest } from '#core/digest';
import { factsOf } from '#core/model-file';
import type { MlcFileKind, StoreLine } from '#core/paddock-api';
import { readBlobHeader } from '#store/blob-header';
import { isWasmFile, requireWasmFile } from '../../registry/mlc/library';
import { badRequest, brief } from '../body';
import type { Deps } from '../deps';
import type { Route } from '../route';
import { streamStatuses } from '../statuses';

const MLC_KINDS: readonly unknown[] = ['tensor', 'json', 'library'] satisfies MlcFileKind[];

/** `POST /api/paddock/blobs`: the body, a file, into the store. */
export const storeBlob: Route = async (request, deps, signal) => {
  const { searchParams } = new URL(request.url);
  const [wanted, kind] = [searchParams.get('digest'), searchParams.get('kind')];
  const digest = wanted === null ? null : parseDigest(wanted);
  if (wanted !== null && !digest) throw badRequest(`invalid digest "${brief(wanted)}"`);
  if (kind !== null && !MLC_KINDS.includes(kind)) throw badRequest(`invalid kind "${brief(kind)}"`);
  const blob = await request.blob();
  if (kind === 'library') await requireWasmFile(blob);
  else if (kind === null && !digest) await requireKnownKind(blob);
  return streamStatuses((stop) => storing(deps, blob, digest, stop), signal);
};

/** @throws PaddockError `model_unreadable` for what is neither a GGUF nor a library */
async function requireKnownKind(blob: Blob): Promise<void> {
  if (await isWasmFile(blob)) return;
  factsOf(await readBlobHeader(blob, { parts: true }), '');
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
