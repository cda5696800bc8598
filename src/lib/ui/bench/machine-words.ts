/** What is known of the machine that a run was measured on, as a list of names and values. */
import type { BenchRun } from '#core/bench/run';
import { formatFixed, formatRate } from '#core/format';
import * as m from '#core/messages/bench';
import { threadsText } from './words';

type Fact = [name: string, value: string];

/** Of another program's run only what it tells: the rest of its machine is not known. */
export function machineFacts({ machine, origin }: Pick<BenchRun, 'machine' | 'origin'>): Fact[] {
  const { browser, cores, isolated, adapter, clockMs, bandwidth, build } = machine;
  if (origin !== undefined) {
    const named = adapter === null ? [] : [[m.bench_adapter(), adapter] satisfies Fact];
    return [[m.bench_processor(), browser], ...named, [m.bench_measured_by(), build]];
  }
  const memory = (bandwidth?.wasm ?? []).map(({ threads, read }): Fact => [
    m.bench_memory_threads({ threads: threadsText(threads) }),
    m.bench_reads({ rate: formatRate(read) }),
  ]);
  const gpu = bandwidth?.gpu;
  return [
    [m.bench_browser(), browser],
    [m.bench_processor(), m.bench_cores({ count: cores })],
    [m.bench_adapter(), adapter ?? m.bench_adapter_none()],
    [m.bench_isolated(), isolated ? m.bench_isolated_yes() : m.bench_isolated_no()],
    [
      m.bench_clock_name(),
      clockMs > 0 ? m.bench_clock_steps({ time: clockText(clockMs) }) : m.bench_clock_unknown(),
    ],
    ...memory,
    ...(gpu
      ? [
          [
            m.bench_adapter_memory(),
            m.bench_reads_copies({ read: formatRate(gpu.read), copy: formatRate(gpu.copy) }),
          ] satisfies Fact,
        ]
      : []),
    ['Paddock', build],
  ];
}

function clockText(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${formatFixed(ms, 1)} ms`;
}
