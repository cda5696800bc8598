/** Blobs that a running pull needs: no manifest names them yet, and no cleaning may take them. */
import type { Digest } from '#core/digest';

export class Pins {
  readonly #count = new Map<Digest, number>();

  has(digest: Digest): boolean {
    return this.#count.has(digest);
  }

  add(digests: Digest[]): void {
    for (const digest of digests) this.#count.set(digest, (this.#count.get(digest) ?? 0) + 1);
  }

  remove(digests: Digest[]): void {
    for (const digest of digests) {
      const left = (this.#count.get(digest) ?? 0) - 1;
      if (left > 0) this.#count.set(digest, left);
      else this.#count.delete(digest);
    }
  }
}
