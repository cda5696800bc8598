/** The records that benchmarks remember references in. */
import { parseDigest } from '#core/digest';
import { isObject } from '#core/is-object';
import type { Reference } from '../bench/references';

/** Null for none, or a damaged record: the reference is then made anew. */
export function readReference(value: unknown): Reference | null {
  if (!isObject(value)) return null;
  const weights = parseDigest(value.weights);
  const { version, by, prompt, ids } = value;
  if (!weights || typeof version !== 'number' || typeof by !== 'string') return null;
  if (!isTokens(prompt) || !isTokens(ids)) return null;
  return { weights, version, by, prompt, ids };
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isSafeInteger);
}
