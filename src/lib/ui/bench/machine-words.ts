/** What is known of the machine that a run was measured on, as a list of names and values. */
import type { BenchRun } from '#core/bench/run';
import { formatRate } from '#core/format';
import { threadsText } from './words';

type Fact = [name: string, value: string];

/** Of another program's run only what it tells: the rest of its machine is not known. */
export function machineFacts({ machine, origin }: Pick<BenchRun, 'machine' | 'origin'>): Fact[] {
  const { browser, cores, isolated, adapter, clockMs, bandwidth, build } = machine;
  if (origin !== undefined) {
    const named = adapter === null ? [] : [['Graphics adapter', adapter] satisfies Fact];
    return [['Processor', browser], ...named, ['Measured by', build]];
  }
  const memory = (bandwidth?.wasm ?? []).map(({ threads, read }): Fact => [
    `Memory, ${threadsText(threads)}`,
    `reads ${formatRate(read)}`,
  ]);
  const gpu = bandwidth?.gpu;
  return [
    ['Browser', browser],
    ['Processor', cores === 1 ? '1 core' : `${cores} cores`],
    ['Graphics adapter', adapter ?? 'none'],
    ['Isolated', isolated ? 'yes, threads share memory' : 'no: one thread, and a coarse clock'],
    ['Clock', clockMs > 0 ? `steps of ${clockText(clockMs)}` : 'not measured'],
    ...memory,
    ...(gpu
      ? [
          [
            'Adapter’s memory',
            `reads ${formatRate(gpu.read)}, copies ${formatRate(gpu.copy)}`,
          ] satisfies Fact,
        ]
      : []),
    ['Paddock', build],
  ];
}

function clockText(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${ms.toFixed(1)} ms`;
}
