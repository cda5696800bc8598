/** ISO 8601, as far as models write it. */
import { ToolError } from '#core/tools/tool';

export interface WallTime {
  /** Milliseconds since the epoch, if the wall's clock were UTC. */
  ms: number;
  /** Milliseconds that the wall's clock is ahead of UTC; absent: nobody said. */
  offset?: number;
  /** Whether a time of day was named. */
  timed: boolean;
}

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** @throws ToolError */
export function readDate(text: string): WallTime {
  const match = ISO.exec(text.trim());
  if (!match)
    throw new ToolError(`"${text.slice(0, 80)}" is no date. Write 2026-03-01 or 2026-03-01T12:30.`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const there = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 100;
  if (!there || hour > 23 || minute > 59 || second > 59) {
    throw new ToolError(`There is no date or time "${text.trim()}".`);
  }
  const zone = match[7];
  return {
    ms: date.getTime(),
    timed: match[4] !== undefined,
    ...(zone === undefined ? {} : { offset: readOffset(zone) }),
  };
}

function readOffset(zone: string): number {
  if (/z/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** The day alone where no time of day was named. */
export function writeDate({ ms, offset, timed }: WallTime): string {
  const iso = new Date(ms).toISOString();
  if (!timed) return iso.slice(0, 10);
  return iso.slice(0, 19) + (offset === undefined ? '' : writeOffset(offset));
}

function writeOffset(offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
