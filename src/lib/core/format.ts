/** Figures as people read them: units always, decimal bytes, no more digits than mean something. */
const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Two digits or more, none that nobody needs: `98 MB`, `512 bytes`, `2.1 GB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = Math.max(0, bytes);
  // 999.5 would print as 1,000 of this unit: it is 1 of the next.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${trim(value, unit === 0 ? 0 : value < 9.95 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}

/** `12.3 MB/s`, from bytes a second. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `940 ms`, `1.2 s`, `45 s`, `3 min`, `2 h 5 min`; from milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `3 min left`, from seconds. */
export function formatTimeLeft(seconds: number): string {
  return seconds < 1
    ? 'less than 1 s left'
    : `${formatDuration(Math.ceil(seconds) * 1000)} left`.replace('.0 s', ' s');
}

/** `18.7 tokens/s`, `119 tokens/s`. */
export function formatTokenRate(perSecond: number): string {
  return `${trim(perSecond, perSecond < 99.95 ? 1 : 0)} tokens/s`;
}

/** `5,120`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `1 token`, `5,120 tokens`; with a kind, `34 prompt tokens`. */
export function formatTokens(count: number, kind = ''): string {
  const noun = Math.round(count) === 1 ? 'token' : 'tokens';
  return [formatCount(count), kind, noun].filter(Boolean).join(' ');
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
  if (passed < 60_000) return 'just now';
  if (passed < 3_600_000) return `${Math.floor(passed / 60_000)} min ago`;
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return `${Math.floor(passed / 3_600_000)} h ago`;
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function trim(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: digits });
}
