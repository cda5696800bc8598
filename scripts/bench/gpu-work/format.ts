/** What was counted and timed, as a person reads it. */
import { percentile } from '#core/statistics';
import type { GpuCalls } from '../../../tests/fixtures/gpu-counter';
import type { Times } from './times';
import type { Work } from './work';

/** A line a kind of call, a column a part of each engine's work. */
export function formatWork(works: Record<string, Work>): string {
  const columns = Object.entries(works).flatMap(([name, work]): [string, GpuCalls][] => [
    [`${name}: load`, work.load],
    [`prompt of ${work.promptTokens}`, work.prefill],
    ['token', work.token],
  ]);
  const line = (title: string, cells: string[]) =>
    [title.padEnd(14), ...cells.map((cell) => cell.padStart(16))].join('');
  const names = Object.keys(columns[0]![1]) as (keyof GpuCalls)[];
  return [
    line(
      '',
      columns.map(([title]) => title),
    ),
    ...names.map((name) =>
      line(
        name,
        columns.map(([, calls]) => rounded(calls[name])),
      ),
    ),
  ].join('\n');
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** Medians and the middle half, each median beside the first. */
export function formatTimes(times: Times): string {
  const [first = []] = Object.values(times);
  return Object.entries(times)
    .map(([name, ms]) => {
      const title = /^\d+$/.test(name) ? `${name} in flight` : name;
      const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => percentile(ms, p).toFixed(2));
      const spread = `${middle} ms a token (${low} to ${high})`.padEnd(40);
      const faster = percentile(first, 0.5) / percentile(ms, 0.5);
      return `${title.padEnd(14)}${spread}${faster.toFixed(2)}x as fast as the first`;
    })
    .join('\n');
}
