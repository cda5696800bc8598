/** A repository's `params`, which anybody may have written: what no reply could be made with is left out. */
import type { Digest } from '#core/digest';
import { isObject } from '#core/is-object';
import { isOfKind, parameterKind } from '#core/parameters';
import type { BlobStore } from '#store/blob-store';
import { readText } from './text';

/** Whether the file is a JSON object whose known parameters have their types. */
export async function usableParams(store: BlobStore, digest: Digest): Promise<boolean> {
  const text = await readText(store, digest);
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && Object.entries(value).every(isUsable);
  } catch {
    return false; // not JSON
  }
}

/** Whether it is not known, or has its type. */
export function isUsable([name, value]: [string, unknown]): boolean {
  const kind = parameterKind(name);
  return value === null || kind === undefined || isOfKind(value, kind);
}
