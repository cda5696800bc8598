/** Sets of characters. */
import type { Range } from './expression';

/** In order, and no two touch. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

export function inverted(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  let next = 0;
  for (const [from, to] of joined(ranges)) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff]);
  return result;
}

export function common(a: readonly Range[], b: readonly Range[]): Range[] {
  return joined(
    a
      .flatMap(([from, to]) =>
        b.map(([low, high]): Range => [Math.max(from, low), Math.min(to, high)]),
      )
      .filter(([from, to]) => from <= to),
  );
}

export function holds(ranges: readonly Range[], point: number): boolean {
  return ranges.some(([from, to]) => point >= from && point <= to);
}
