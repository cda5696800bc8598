/** Strings of a `format` that a reply is held to; of the others it is a note. RFC 3339, RFC 4122, RFC 2673. */
import { matching } from './pattern';
import type { Expression } from './expression';

const MONTH_DAY =
  '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))';
const DATE = `[12][0-9]{3}-${MONTH_DAY}`;
const TIME =
  '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])';
const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';

const PATTERNS: Partial<Record<string, string>> = {
  date: DATE,
  time: TIME,
  'date-time': `${DATE}T${TIME}`,
  uuid: '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  ipv4: `${BYTE}(\\.${BYTE}){3}`,
  email: '[a-zA-Z0-9_+-]{1,32}(\\.[a-zA-Z0-9_+-]{1,32}){0,3}@([a-zA-Z0-9]{1,32}\\.){1,3}[a-z]{2,8}',
};

/** Undefined: anything. */
export function formatted(format: unknown): Expression | undefined {
  const known = typeof format === 'string' && Object.hasOwn(PATTERNS, format);
  return known ? matching(`^(${PATTERNS[format]})$`, '#') : undefined;
}
