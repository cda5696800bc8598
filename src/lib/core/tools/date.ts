/** Dates for models. A date without an offset is a time on the wall, and is counted as if no clock were ever changed. */
import { readDate, writeDate, type WallTime } from '#core/tools/date-text';
import { ToolError } from '#core/tools/tool';
import { wallTimeIn } from '#core/tools/time-zone';

export interface DateArguments {
  action: string;
  date?: string;
  until?: string;
  amount?: number;
  unit?: string;
  time_zone?: string;
}

/** Milliseconds. */
const UNITS: Record<string, number> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

const DAY = 86_400_000;

/** `now`: milliseconds since the epoch; `zone`: the IANA name of the place where somebody asks. @throws ToolError */
export function answerDate(asked: DateArguments, now: number, zone: string): string {
  const here = wallTimeIn(asked.time_zone || zone, now);
  if (asked.action === 'now')
    return `${writeDate(here)} (${weekday(here)}), ${asked.time_zone || zone}`;
  const date = asked.date?.trim() ? readDate(asked.date) : here;
  if (asked.action === 'weekday')
    return `${writeDate({ ...date, timed: false })} is a ${weekday(date)}.`;
  if (asked.action === 'add') return added(date, asked);
  if (!asked.until?.trim()) throw new ToolError('For "difference", "until" is the later date.');
  return difference(date, readDate(asked.until), here);
}

function weekday({ ms }: WallTime): string {
  const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  return names[new Date(ms).getUTCDay()]!;
}

function added(date: WallTime, { amount, unit }: DateArguments): string {
  if (amount === undefined || unit === undefined) {
    throw new ToolError('For "add", "amount" and "unit" say how much: 3 and "days".');
  }
  const step = UNITS[unit];
  if (step === undefined && !Number.isInteger(amount)) {
    throw new ToolError(`"amount" of ${unit} must be a whole number.`);
  }
  const ms =
    step === undefined
      ? monthsLater(date.ms, unit === 'years' ? 12 * amount : amount)
      : date.ms + amount * step;
  // A day and half an hour has a time of day, a day and a week has none.
  const timed = date.timed || ms % DAY !== 0;
  const sum = checked({ ...date, ms, timed });
  return `${writeDate(sum)} (${weekday(sum)})`;
}

/** The same day of another month, or its last where it is shorter. */
function monthsLater(ms: number, months: number): number {
  const from = new Date(ms);
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1);
  const last = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0);
  const day = Math.min(from.getUTCDate(), new Date(last).getUTCDate());
  return first + (day - 1) * DAY + (((ms % DAY) + DAY) % DAY);
}

function checked(date: WallTime): WallTime {
  const year = new Date(date.ms).getUTCFullYear();
  if (year >= 100 && year <= 9999) return date;
  throw new ToolError('The date is before the year 100 or after the year 9999.');
}

function difference(from: WallTime, until: WallTime, here: WallTime): string {
  const instants = from.offset !== undefined || until.offset !== undefined;
  const at = ({ ms, offset }: WallTime) => (instants ? ms - (offset ?? here.offset ?? 0) : ms);
  const ms = at(until) - at(from);
  const sign = ms < 0 ? -1 : 1;
  const parts = calendarParts(
    ...(sign < 0 ? ([at(until), at(from)] as const) : ([at(from), at(until)] as const)),
  );
  const before = sign < 0 ? ' ("until" is before "date")' : '';
  if (!from.timed && !until.timed) {
    return `${plural(ms / DAY, 'day')}${before}; in calendar terms ${parts}`;
  }
  const total = `${trimmed(ms / DAY)} days, or ${trimmed(ms / 3_600_000)} hours`;
  return `${total}${before}; in calendar terms ${parts}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** Whole months first, then what is left. */
function calendarParts(from: number, until: number): string {
  const [a, b] = [new Date(from), new Date(until)];
  let months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  if (monthsLater(from, months) > until) months--;
  const rest = until - monthsLater(from, months);
  const counts: [number, string][] = [
    [Math.floor(months / 12), 'year'],
    [months % 12, 'month'],
    [Math.floor(rest / DAY), 'day'],
    [Math.floor((rest % DAY) / 3_600_000), 'hour'],
    [Math.floor((rest % 3_600_000) / 60_000), 'minute'],
  ];
  const some = counts.filter(([count]) => count > 0).map(([count, name]) => plural(count, name));
  return some.length > 0 ? some.join(', ') : '0 days';
}

function plural(count: number, one: string): string {
  return `${count} ${Math.abs(count) === 1 ? one : `${one}s`}`;
}
