import { PaddockError, toPaddockError, type ErrorDetail } from '#core/errors';

/** IndexedDB's exceptions as PaddockErrors: `storage_full`, `storage_denied`, `other_version` or `storage_failed`. */
export async function storageError(error: unknown): Promise<PaddockError> {
  if (error instanceof PaddockError) return error;
  const name = nameOf(error);
  if (name === 'QuotaExceededError') {
    return new PaddockError('storage_full', 'The storage is full.', await figures());
  }
  if (name === 'VersionError') {
    const message = 'A newer Paddock has changed the storage of this device.';
    return new PaddockError('other_version', message, { storage: true });
  }
  if (name === 'SecurityError') {
    return new PaddockError('storage_denied', 'The browser refuses this site its storage.');
  }
  return toPaddockError(named(error), 'storage_failed');
}

/** An AbortError of IndexedDB is a failed transaction, not somebody's wish: it must not read as one. */
function named(error: unknown): unknown {
  return nameOf(error) === 'AbortError' ? new Error('The transaction was rolled back.') : error;
}

/** A full disk may hide inside the AbortError of its transaction. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = (error as { inner?: unknown }).inner ?? error.cause;
  return inner instanceof Error && inner.name === 'QuotaExceededError' ? inner.name : error.name;
}

async function figures(): Promise<ErrorDetail> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return { free: Math.max(0, quota - usage), quota };
  } catch {
    return {}; // the sentence does without figures
  }
}
