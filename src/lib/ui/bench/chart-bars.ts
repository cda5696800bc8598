/** The bars of a model's charts. */
import { ceilingSentence, loadLabel } from '#core/bench/narrate';
import { testTitle } from '#core/bench/set-words';
import { formatTokenRate } from '#core/format';
import { loadParts, type Bar, type LoadBar } from './bars';
import type { CandidateFigures } from './figures';

/** `tg32: writes 32 tokens, tokens/s`. */
export function chartTitle(rows: readonly CandidateFigures[], place: number): string {
  const test = rows[0]?.tests[place];
  return test ? testTitle(test.test) : '';
}

/** One a candidate that has a figure. */
export function rateBars(rows: readonly CandidateFigures[], place: number): Bar[] {
  return rows.flatMap(({ key, name, tests }) => {
    const test = tests[place];
    if (!test?.rate) return [];
    const { median, n, min, max } = test.rate;
    return [
      {
        key,
        label: name,
        figure: formatTokenRate(median),
        value: median,
        ...(n > 1 ? { low: min, high: max } : {}),
        ceiling: test.ceiling?.rate ?? null,
        struck: test.struck,
      },
    ];
  });
}

/** One a load. */
export function loadBars(rows: readonly CandidateFigures[]): LoadBar[] {
  return rows.flatMap(({ key, name, result }) =>
    result.loads.map((load, turn) => ({
      key: `${key} ${turn}`,
      label: `${name}, ${loadLabel(load)}`,
      totalMs: load.totalMs,
      parts: loadParts(load),
    })),
  );
}

/** Where the ceilings come from, each once. */
export function ceilingLines(rows: readonly CandidateFigures[]): string[] {
  const ceilings = rows.flatMap(({ tests }) => tests.flatMap(({ ceiling }) => ceiling ?? []));
  return [...new Set(ceilings.map(ceilingSentence))];
}
