/** What a browser's storage throws, as our own codes; OPFS and IndexedDB throw the same names. */
import { PaddockError } from '#core/errors';

/**
 * `doing` completes the message ("Could not …"). Never `aborted`: IndexedDB reports a failed
 * transaction as an AbortError, and that is a failure.
 */
export function storageError(error: unknown, doing: string): PaddockError {
  if (error instanceof PaddockError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const text = `Could not ${doing}: ${message || name}`;
  switch (name) {
    case 'QuotaExceededError':
      return new PaddockError('storage_full', text);
    case 'SecurityError':
    case 'NotAllowedError':
      return new PaddockError('storage_denied', text);
    case 'VersionError':
      return new PaddockError('other_version', text, { storage: true });
    case 'NoModificationAllowedError':
      // An access handle is exclusive; a closed tab's handle lingers for a moment.
      return new PaddockError('storage_failed', `Could not ${doing}: it is in use elsewhere.`, {
        busy: true,
      });
    default:
      return new PaddockError('storage_failed', text);
  }
}

/** The part of `navigator.storage` that is asked for free space. */
export type Estimate = () => Promise<StorageEstimate>;

/** The browser's estimate; nothing is known where it has none. */
export const browserEstimate: Estimate = async () =>
  (await globalThis.navigator?.storage?.estimate?.()) ?? {};

/** Bytes that this site may still store; null where the browser does not say. */
export async function freeBytes(estimate: Estimate = browserEstimate): Promise<number | null> {
  const { quota, usage } = await estimate();
  return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
}

/**
 * The same error; `storage_full` also carries `needed` and, where known, `free`, in bytes. Chromium's
 * estimate may name 10 GiB more than is used, whatever the disk has: room enough is then not the truth.
 */
export async function withSpace(
  error: PaddockError,
  needed: number,
  estimate: Estimate = browserEstimate,
): Promise<PaddockError> {
  if (error.code !== 'storage_full') return error;
  const free = await freeBytes(estimate).catch(() => null); // the estimate is an extra
  const known = free !== null && free < needed;
  return new PaddockError(error.code, error.message, known ? { needed, free } : { needed });
}
