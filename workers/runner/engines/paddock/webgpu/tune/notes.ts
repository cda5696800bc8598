/** The choice of kernels that the host remembers. */
import type { Notes } from '../../../../engine';
import { isObject } from '#core/is-object';
import { fingerprint } from '../fingerprint';
import type { Variants } from '../variants';

/** A new browser has a new shader compiler, and perhaps another order. */
const keyOf = (deviceKey: string) => `tune ${deviceKey}`;

/** Undefined where nothing is known, or by another browser. Whether each way is known is looked up where it is taken. */
export function readTuned(
  notes: Notes | undefined,
  deviceKey: string,
  browser: string,
): Variants | undefined {
  const note = notes?.read(keyOf(deviceKey));
  if (!isObject(note) || note.browser !== fingerprint([browser])) return undefined;
  return isVariants(note.variants) ? note.variants : undefined;
}

/** In its shape alone. */
function isVariants(value: unknown): value is Variants {
  if (!isObject(value)) return false;
  return [value.matvec, value.matmul].every(
    (ways) => ways === undefined || (isObject(ways) && Object.values(ways).every(isObject)),
  );
}

export function writeTuned(
  notes: Notes | undefined,
  deviceKey: string,
  browser: string,
  variants: Variants,
): void {
  notes?.write(keyOf(deviceKey), { browser: fingerprint([browser]), variants });
}
