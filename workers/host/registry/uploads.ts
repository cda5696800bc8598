/** Blobs that came from a disk or a request's body: until a manifest names them, whoever sent them may be about to. */
import type { Digest } from '#core/digest';

/** Milliseconds, as for what an earlier session left. */
export const GRACE_MS = 60 * 60_000;

export class Uploads {
  readonly #came = new Map<Digest, number>();

  /** `at` in milliseconds since the epoch. */
  add(digest: Digest, at: number): void {
    this.#came.set(digest, at);
  }

  /** Whether it came within the hour before `now`. */
  has(digest: Digest, now: number): boolean {
    const at = this.#came.get(digest);
    return at !== undefined && now - at <= GRACE_MS;
  }

  delete(digest: Digest): void {
    this.#came.delete(digest);
  }
}
