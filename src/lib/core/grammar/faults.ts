import { PaddockError } from '#core/errors';

/** A schema that nothing can be written by. @param where the place in the schema, as a pointer: `#/properties/a` */
export function badSchema(what: string, where?: string): PaddockError {
  const place =
    where === undefined ? '' : ` (at ${where.length > 100 ? `${where.slice(0, 100)}…` : where})`;
  return new PaddockError('bad_request', `invalid format: ${what}${place}`);
}
