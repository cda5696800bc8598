/** Layers that are read whole: templates, parameters, licences, the config. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { BlobStore } from '#store/blob-store';

/** Bytes; a licence has some 11,000. */
const MAX_TEXT = 1024 * 1024;

/** @throws PaddockError `bad_manifest` above 1 MiB, `model_unreadable` when the blob is missing */
export async function readText(store: BlobStore, digest: Digest): Promise<string> {
  const blob = await store.open(digest);
  if (blob.size > MAX_TEXT) {
    throw new PaddockError(
      'bad_manifest',
      `A text layer has ${blob.size} bytes; 1 MiB is the limit.`,
    );
  }
  return blob.text();
}

/** Enough for the parameters and system texts of the models in use; a licence has 11 kB. */
const KEPT = 32;

/** Texts by their digest, which say the same for ever: parameters are read before every reply. */
export class Texts {
  readonly #store: BlobStore;
  readonly #kept = new Map<Digest, string>();

  constructor(store: BlobStore) {
    this.#store = store;
  }

  /** See `readText`. */
  async read(digest: Digest): Promise<string> {
    const known = this.#kept.get(digest);
    if (known !== undefined) return known;
    const text = await readText(this.#store, digest);
    const [oldest] = this.#kept.keys();
    if (oldest && this.#kept.size >= KEPT) this.#kept.delete(oldest);
    this.#kept.set(digest, text);
    return text;
  }
}
