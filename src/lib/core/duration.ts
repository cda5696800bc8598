/** Ollama's `keep_alive`: seconds as a number, or a Go duration such as `"1h30m"`; negative means forever. */
const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Five minutes, Ollama's default. */
export const DEFAULT_KEEP_ALIVE_MS = 5 * 60_000;

/** Milliseconds, `Infinity` for forever, null where the text is no duration. */
export function parseKeepAlive(value: unknown): number | null {
  if (value === undefined || value === null) return DEFAULT_KEEP_ALIVE_MS;
  if (typeof value === 'number') return value < 0 ? Infinity : value * 1000;
  if (typeof value !== 'string') return null;
  const ms = parseGoDuration(value);
  return ms === null ? null : ms < 0 ? Infinity : ms;
}

/** Go's `time.ParseDuration`, in milliseconds. */
function parseGoDuration(text: string): number | null {
  const body = text.replace(/^[+-]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (body === '0') return 0;
  if (!/^((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(body)) return null;
  let total = 0;
  for (const [, number, unit] of body.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(number) * UNIT_MS[unit!]!;
  }
  return sign * total;
}
