/** The functions that chat templates expect, as transformers gives them. */
import { PaddockError } from '#core/errors';

/** Entries; templates count to a few dozen. */
const MAX_RANGE = 100_000;

export function globalsOf(now: Date): Record<string, unknown> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range,
    raise_exception: raise,
    strftime_now: (format: string) => formatTime(now, format),
  };
}

function raise(message: unknown): never {
  throw new PaddockError(
    'bad_request',
    `The model's chat template refuses these messages: ${String(message)}`,
  );
}

/** Python's `range`. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  // Not a number, or no step: nothing that a template means.
  if (!(length <= MAX_RANGE)) throw new Error(`range() of ${length} entries`);
  return Array.from({ length }, (_, at) => start + at * step);
}

const MONTHS =
  'January February March April May June July August September October November December';
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday';
const nameOf = (names: string, at: number) => names.split(' ')[at]!;
const two = (value: number) => String(value).padStart(2, '0');

const FIELDS: Record<string, (time: Date) => string> = {
  Y: (time) => String(time.getFullYear()),
  y: (time) => two(time.getFullYear() % 100),
  m: (time) => two(time.getMonth() + 1),
  B: (time) => nameOf(MONTHS, time.getMonth()),
  b: (time) => nameOf(MONTHS, time.getMonth()).slice(0, 3),
  d: (time) => two(time.getDate()),
  A: (time) => nameOf(DAYS, time.getDay()),
  a: (time) => nameOf(DAYS, time.getDay()).slice(0, 3),
  H: (time) => two(time.getHours()),
  M: (time) => two(time.getMinutes()),
  S: (time) => two(time.getSeconds()),
  '%': () => '%',
};

/** Python's `strftime`, in English: the library's writes months in the browser's language. */
function formatTime(time: Date, format: string): string {
  return format.replace(/%(.)/g, (whole, field: string) => FIELDS[field]?.(time) ?? whole);
}
