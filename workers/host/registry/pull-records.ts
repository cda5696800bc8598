/** The queue's records, read with a guard: other versions and damaged disks wrote them too. */
import { parseDigest } from '#core/digest';
import { isErrorCode } from '#core/error-codes';
import type { WireError } from '#core/errors';
import { isObject } from '#core/is-object';
import { parseLibrary } from '#core/mlc/library';
import { wishesOf, type MlcWishes } from '#core/pull-target';
import type { LimitRecord, PullRecord } from './records';

/** The key of the one record that is no pull; `nameKey` always has slashes. */
export const LIMIT_KEY = 'parallel';

const STATES: readonly unknown[] = ['queued', 'running', 'paused', 'failed'];

/** Null for a damaged record, and for the limit's. */
export function readPull(value: unknown): PullRecord | null {
  if (!isObject(value)) return null;
  const { key, model, state, completed, total, addedAt } = value;
  if (typeof key !== 'string' || typeof model !== 'string' || !STATES.includes(state)) return null;
  const blobs = Array.isArray(value.blobs) ? value.blobs.map(parseDigest) : [];
  const error = readError(value.error);
  const wishes = readWishes(value.wishes);
  return {
    key,
    model,
    insecure: value.insecure === true,
    ...(wishes && { wishes }),
    state: state as PullRecord['state'],
    completed: figure(completed),
    total: figure(total),
    addedAt: figure(addedAt),
    blobs: blobs.filter((digest) => digest !== null),
    ...(error && { error }),
  };
}

/** Null for any other record. */
export function readLimit(value: unknown): number | null {
  const parallel = (value as LimitRecord | null | undefined)?.parallel;
  return Number.isInteger(parallel) ? parallel! : null;
}

function readError(value: unknown): WireError | null {
  if (!isObject(value) || !isErrorCode(value.code) || typeof value.message !== 'string')
    return null;
  const { code, message, detail } = value as Record<string, unknown> & WireError;
  return isObject(detail) ? { code, message, detail } : { code, message };
}

function readWishes(value: unknown): MlcWishes | undefined {
  if (!isObject(value)) return undefined;
  const { library, acceptLibrary, force } = value;
  return wishesOf({
    library: (typeof library === 'string' && parseLibrary(library)) || undefined,
    acceptLibrary: parseDigest(acceptLibrary) ?? undefined,
    ...(force === true && { force }),
  });
}

function figure(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
