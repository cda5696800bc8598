/** What the charts draw. */
import type { LoadSplit } from '#core/bench/run';
import * as m from '#core/messages/bench';

export interface Bar {
  key: string | number;
  label: string;
  /** The value with its unit. */
  figure: string;
  value: number;
  /** The slowest and the fastest repetition, where there are several. */
  low?: number;
  high?: number;
  /** What cannot be more; null where nobody knows. */
  ceiling: number | null;
  /** The number does not count. */
  struck: boolean;
}

/** In their order of time. */
export const LOAD_PARTS = {
  engine: m.bench_part_engine,
  read: m.bench_part_read,
  upload: m.bench_part_upload,
  compile: m.bench_part_compile,
  first: m.bench_part_first,
  other: m.bench_part_other,
} as const;

export type LoadPart = keyof typeof LOAD_PARTS;

export interface LoadBar {
  key: string;
  label: string;
  totalMs: number;
  /** One behind the other; milliseconds. */
  parts: { name: LoadPart; from: number; ms: number }[];
}

/** The parts that the engine tells, and what they leave of the whole. */
export function loadParts(load: LoadSplit): LoadBar['parts'] {
  const known: [LoadPart, number | null][] = [
    ['engine', load.engineMs],
    ['read', load.readMs],
    ['upload', load.uploadMs],
    ['compile', load.compileMs],
    ['first', load.firstTokenMs],
  ];
  const parts: LoadBar['parts'] = [];
  let from = 0;
  const add = (name: LoadPart, ms: number) => {
    // Two clocks may make the parts longer than the whole.
    const length = Math.min(ms, load.totalMs - from);
    if (length > 0) parts.push({ name, from, ms: length });
    from += length;
  };
  for (const [name, ms] of known) add(name, ms ?? 0);
  add('other', load.totalMs - from);
  return parts;
}
