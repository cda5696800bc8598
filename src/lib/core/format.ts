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
  if (ms < 9950) return `${fixed(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `3 min left`, from seconds. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 1) return m.figures_left_moment();
  const whole = Math.ceil(seconds);
  return m.figures_left({ time: whole < 60 ? `${whole} s` : formatDuration(whole * 1000) });
}

/** `18.7 tokens/s`, `119 tokens/s`. */
export function formatTokenRate(perSecond: number): string {
  return m.figures_token_rate({ rate: trim(perSecond, perSecond < 99.95 ? 1 : 0) });
}

/** `5,120`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString(spoken().numbers);
}

/** `1 token`, `5,120 tokens`; with a kind, `34 prompt tokens`. */
export function formatTokens(count: number, kind?: 'prompt' | 'reply'): string {
  const said = { count: Math.round(count) };
  if (kind === 'prompt') return m.figures_tokens_prompt(said);
  return kind === 'reply' ? m.figures_tokens_reply(said) : m.figures_tokens(said);
}

/** Whole percent of `total`, 0 to 100; 100 only when all of it is there. */
export function percent(completed: number, total: number): number {
  if (total <= 0) return 0;
  return Math.min(100, Math.floor((completed / total) * 100));
}

const DAY_MS = 86_400_000;

/** `just now`, `12 min ago`, `yesterday`, `3 days ago`, then the date; both in milliseconds since the epoch. */
export function formatAgo(at: number, now: number): string {
  const passed = now - at;
  if (passed < 60_000) return m.figures_now();
  if (passed < 3_600_000) return m.figures_minutes_ago({ count: Math.floor(passed / 60_000) });
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return m.figures_hours_ago({ count: Math.floor(passed / 3_600_000) });
  if (days === 1) return m.figures_yesterday();
  if (days < 7) return m.figures_days_ago({ count: days });
  return new Date(at).toLocaleDateString(spoken().dates, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** With all of `digits` behind the point. */
function fixed(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // Rounded before: `Intl` rounds what is printed, which may be another half.
  return Number(value.toFixed(digits)).toLocaleString(spoken().numbers, options);
}

function trim(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  return rounded.toLocaleString(spoken().numbers, { maximumFractionDigits: digits });
}
