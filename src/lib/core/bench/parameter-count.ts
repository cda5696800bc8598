const UNITS: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** 134,520,000 of `134.52M`, as `parameterSize` (`core/gguf.ts`) and model names write it; null of anything else. */
export function parameterCount(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)([KMBT])?$/i.exec(text.trim());
  if (!found) return null;
  const count = Number(found[1]) * (UNITS[(found[2] ?? '').toUpperCase()] ?? 1);
  return count > 0 ? Math.round(count) : null;
}
