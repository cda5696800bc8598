const NS_PER_MS = 1e6;

/** Ollama's counts: durations come in milliseconds and go as whole nanoseconds; zeros are left out. */
export function metrics(counts: Record<string, number>): Record<string, number> {
  const whole = Object.entries(counts).map(([name, value]): [string, number] =>
    name.endsWith('_duration') ? [name, Math.round(value * NS_PER_MS)] : [name, value],
  );
  return Object.fromEntries(whole.filter(([, value]) => value !== 0));
}
