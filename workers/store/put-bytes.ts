/** Small blobs that are in memory: configurations, templates, parameters. */
import { digestOf, type Digest } from '#core/digest';
import { SLICE, type BlobStore } from '#store/blob-store';

/** Stores `bytes` under their digest, or finds them there; damaged ones are written anew. @throws PaddockError `storage_full`, `storage_failed` */
export async function putBytes(store: BlobStore, bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  const digest = await digestOf(bytes);
  if (await isWhole(store, digest)) return digest;
  const writer = await store.writer(digest);
  try {
    for (let at = 0; at < bytes.length; at += SLICE) {
      await writer.write(bytes.subarray(at, at + SLICE), at);
    }
    await writer.flush();
  } finally {
    await writer.close();
  }
  await store.commit(digest);
  return digest;
}

async function isWhole(store: BlobStore, digest: Digest): Promise<boolean> {
  if (!(await store.has(digest))) return false;
  try {
    const there = await (await store.open(digest)).arrayBuffer();
    return (await digestOf(new Uint8Array(there))) === digest;
  } catch {
    return false; // what cannot be read is as good as damaged
  }
}
