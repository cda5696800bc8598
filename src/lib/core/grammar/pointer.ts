/** What a `$ref` names: a place in the same schema. RFC 6901. */
import { badSchema } from './faults';

/** @throws PaddockError `bad_request` where there is none */
export function pointedAt(whole: unknown, pointer: string, where: string): unknown {
  const shown = pointer.length > 100 ? `${pointer.slice(0, 100)}…` : pointer;
  if (!/^#(\/|$)/.test(pointer)) {
    throw badSchema(
      `"$ref" may name places in the schema itself ("#/$defs/…"), not ${shown}`,
      where,
    );
  }
  let value: unknown = whole;
  for (const step of pointer.split('/').slice(1)) {
    const key = decoded(step);
    const inside = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    if (!inside) throw badSchema(`"$ref" names ${shown}, which is not there`, where);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function decoded(step: string): string {
  let key = step;
  try {
    key = decodeURIComponent(step);
  } catch {
    // A lone percent sign stands for itself.
  }
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
