import { parseDigest, type Digest } from '#core/digest';
import { factsOf } from '#core/model-file';
import type { MlcFileKind, StoreLine } from '#core/paddock-api';
import { readBlobHeader } from '#store/blob-header';
import { isWasmFile, requireWasmFile } from '../../registry/mlc/library';
import { badRequest, brief, readBody } from '../body';
import type { Deps } from '../deps';
import { mlcWishes } from '../require-target';
import type { Route } from '../route';
import { streamStatuses } from '../statuses';

const MLC_KINDS: readonly unknown[] = ['tensor', 'json', 'library'] satisfies MlcFileKind[];

/** `POST /api/paddock/blobs`: the body, a file, into the store. */
export const storeBlob: Route = async (request, { registry, disturbances }, signal) => {
  const { searchParams } = new URL(request.url);
  const [wanted, kind] = [searchParams.get('digest'), searchParams.get('kind')];
  const digest = wanted === null ? null : parseDigest(wanted);
  if (wanted !== null && !digest) throw badRequest(`invalid digest "${brief(wanted)}"`);
  if (kind !== null && !MLC_KINDS.includes(kind)) throw badRequest(`invalid kind "${brief(kind)}"`);
  const blob = await request.blob();
  if (kind === 'library') await requireWasmFile(blob);
  else if (kind === null && !digest) await requireKnownKind(blob);
  const steps = (stop: AbortSignal) => told(registry.storeBytes(blob, digest, stop));
  return streamStatuses((stop) => disturbances.during('busy', steps(stop)), signal);
};

/** @throws PaddockError `model_unreadable` for what is neither a GGUF nor a library */
async function requireKnownKind(blob: Blob): Promise<void> {
  if (await isWasmFile(blob)) return;
  factsOf(await readBlobHeader(blob, { parts: true }), '');
}

/** `POST /api/paddock/libraries`: the same with a library that is at an address. */
export const fetchLibrary: Route = async (request, { registry }, signal) => {
  const { library: url, acceptLibrary } = mlcWishes(await readBody(request)) ?? {};
  if (url === undefined || parseDigest(url)) throw badRequest('"library" must be an address');
  return streamStatuses((stop) => told(registry.fetchLibrary(url, acceptLibrary, stop)), signal);
};

type Steps = ReturnType<Deps['registry']['storeBytes']>;

async function* told(steps: Steps): AsyncGenerator<StoreLine, void, void> {
  let total = 0;
  let digest: Digest | undefined;
  const all = async function* () {
    digest = yield* steps;
  };
  for await (const { completed, total: size } of all()) {
    yield { status: 'storing', completed, total: (total = size) };
  }
  yield { status: 'success', completed: total, total, digest };
}
