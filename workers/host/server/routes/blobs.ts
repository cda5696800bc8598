/** `/api/blobs/<digest>`: whether a blob is here, and the way of one into the store. */
import { parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { badRequest } from '../body';
import { empty } from '../http';
import type { Route } from '../route';

export const hasBlob: Route = async (request, { registry }) => {
  const digest = digestOf(request);
  if ((await registry.blobSize(digest)) !== null) return empty();
  throw new PaddockError('model_not_found', `blob "${digest}" not found`);
};

/** The body, whole or not at all: 201, or 200 where the blob was here. */
export const putBlob: Route = async (request, { registry, disturbances }, signal) => {
  const digest = digestOf(request);
  if ((await registry.blobSize(digest)) !== null) return empty();
  const steps = registry.storeBytes(await request.blob(), digest, signal);
  const storing = disturbances.during('busy', steps);
  try {
    while (!(await storing.next()).done);
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== 'digest_mismatch') throw error;
    const { expected = '', got = '' } = error.detail;
    throw badRequest(`digest mismatch, expected "${expected}", got "${got}"`);
  }
  return empty(201);
};

function digestOf(request: Request): Digest {
  const [last = ''] = new URL(request.url).pathname.split('/').slice(-1);
  // A colon may come as %3A; nothing else of a digest is ever encoded.
  const digest = parseDigest(last.replace(/%3a/i, ':'));
  if (!digest) throw badRequest('invalid digest format');
  return digest;
}
