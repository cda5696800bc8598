import { parseDigest, type Digest } from '#core/digest';
import { errorBody } from '#core/error-response';
import { toPaddockError } from '#core/errors';
import { factsOf } from '#core/model-file';
import { ndjsonStream } from '#core/ndjson';
import type { StoreLine } from '#core/paddock-api';
import { readBlobHeader } from '#store/blob-header';
import { badRequest, brief } from '../body';
import type { Deps } from '../deps';
import { ndjson } from '../http';
import type { Route } from '../route';

/** `POST /api/paddock/blobs`: the body, a file, into the store. */
export const storeBlob: Route = async (request, deps, signal) => {
  const wanted = new URL(request.url).searchParams.get('digest');
  const digest = wanted === null ? null : parseDigest(wanted);
  if (wanted !== null && !digest) throw badRequest(`invalid digest "${brief(wanted)}"`);
  const blob = await request.blob();
  if (!digest) factsOf(await readBlobHeader(blob, { parts: true }), '');
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  const lines = storing(deps, blob, digest, controller.signal);
  return ndjson(ndjsonStream(lines, () => controller.abort()));
};

async function* storing(
  { registry }: Deps,
  blob: Blob,
  expected: Digest | null,
  signal: AbortSignal,
): AsyncGenerator<StoreLine | ReturnType<typeof errorBody>, void, void> {
  const total = blob.size;
  let digest: Digest | undefined;
  const steps = async function* () {
    digest = yield* registry.storeBytes(blob, expected, signal);
  };
  try {
    for await (const { completed } of steps()) yield { status: 'storing', completed, total };
    yield { status: 'success', completed: total, total, digest };
  } catch (error) {
    yield errorBody(toPaddockError(error)); // the answer has begun with 200
  }
}
