/** What models were seen to write by other means than an engine of ours: references for agreement. */
import type { Digest } from '#core/digest';
import ids from './recorded-ids.json';

/** By the digest of the weights, the first file of several. Tokens of the model's vocabulary. */
export interface RecordedIds {
  /** Who wrote them, for people. */
  by: string;
  prompt: number[];
  ids: number[];
}

/** Null where nobody has recorded any. */
export function recordedIds(weights: Digest): RecordedIds | null {
  const all: Partial<Record<string, RecordedIds>> = ids;
  return Object.hasOwn(all, weights) ? (all[weights] ?? null) : null;
}
