/** Figures as people read them: units always, decimal bytes, no more digits than mean something. */
import { spoken } from '#core/language';
import * as m from '#core/messages/figures';

/** Of 1,000 and its powers. */
const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Two digits or more, none that nobody needs: `98 MB`, `512 bytes`, `2.1 GB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = Math.max(0, bytes);
  // 999.5 would print as 1,000 of this unit: it is 1 of the next.
  while (value >= 999.5 && unit < UNITS.length) {
    value /= 1000;
    unit++;
  }
  return `${trim(value, unit === 0 ? 0 : value < 9.95 ? 1 : 0)} ${UNITS[unit - 1] ?? m.figures_bytes()}`;
}

/** `12.3 MB/s`, from bytes a second. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `940 ms`, `1.2 s`, `45 s`, `3 min`, `2 h 5 min`; from milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${formatFixed(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `18.7 tokens/s`, `119 tokens/s`. */
export function formatTokenRate(perSecond: number): string {
  return m.figures_token_rate({ rate: trim(perSecond, perSecond < 99.95 ? 1 : 0) });
}

/** `5,120`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString(spoken().numbers);
}

/** Whole percent of `total`, 0 to 100; 100 only when all of it is there. */
export function percent(completed: number, total: number): number {
  if (total <= 0) return 0;
  return Math.min(100, Math.floor((completed / total) * 100));
}

/** With all of `digits` behind the point: `4.20`, or `4,20`. */
export function formatFixed(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // Rounded before: `Intl` rounds what is printed, which may be another half.
  return Number(value.toFixed(digits)).toLocaleString(spoken().numbers, options);
}

function trim(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  return rounded.toLocaleString(spoken().numbers, { maximumFractionDigits: digits });
}
