/** What is compared with what, and how good it shall be. */
import { percentile } from '#core/statistics';
import type { Metric, Samples } from './measure';
import type { Kernels } from '../kernels/measure';
import type { Native } from './native';

export interface Row {
  name: string;
  /** Tokens a second: medians. */
  value: number;
  than: number;
  /** The medians' ratio, and the smallest and largest of the rounds. */
  ratio: number;
  low: number;
  high: number;
  aim: number;
}

const PAIRS: [name: string, value: Metric, than: Metric, aim: number][] = [
  ['decode, against wllama', 'decode, 1 thread', 'decode, wllama', 10],
  ['prompt of 34, against wllama', 'prompt of 34', 'prompt of 34, wllama', 15],
  ['prompt of 512, against wllama', 'prompt of 512', 'prompt of 512, wllama', 15],
  ['two threads against one, decode', 'decode, 2 threads', 'decode, 1 thread', 1.6],
  ['two threads, prompt of 512', 'prompt of 512, 2 threads', 'prompt of 512', 1.6],
  ['one core hogged, automatic', 'decode, automatic, one core hogged', 'decode, 1 thread', 0.75],
  ['decode after 2,000 against after 34', 'decode after 2,000', 'decode, 1 thread', 0.6],
  ['the same on two threads', 'decode after 2,000, 2 threads', 'decode, 2 threads', 0.6],
  ['decode after 2,000, 8-bit cache', 'decode after 2,000, 8-bit cache', 'decode, 1 thread', 0.6],
  ['plain module against wllama', 'decode, plain module', 'decode, wllama', 8],
];

export function rows(samples: Samples, native?: Native): Row[] {
  const compared = PAIRS.map(([name, value, than, aim]) =>
    row(name, samples[value], samples[than], aim),
  );
  if (!native) return compared;
  return [
    ...compared,
    row('decode, against native', samples['decode, 1 thread'], [native.decode], 1.1),
    row('prompt of 512, against native', samples['prompt of 512'], [native.prompt512], 1.3),
  ];
}

function row(name: string, values: number[], others: number[], aim: number): Row {
  const [value, than] = [percentile(values, 0.5), percentile(others, 0.5)];
  const ratios = values.map((one, round) => one / (others[round] ?? than));
  return {
    name,
    value,
    than,
    ratio: value / than,
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    aim,
  };
}

const COMPARED = ['Q4_0', 'Q8_0', 'Q4_K', 'Q6_K'];
const KERNEL_AIM = 0.7;

/** What the same machine gives native code where we have aims of our own. */
export function nativeRow({ decode, decodeTwoThreads, decodeAfter2000 }: Native): string {
  const ratio = (value: number) => `${(value / decode).toFixed(2)}x`;
  return (
    `native decode: ${decode.toFixed(1)} tokens/s on one thread, ${ratio(decodeTwoThreads)} on two, ` +
    `${ratio(decodeAfter2000)} after 2,000 tokens`
  );
}

/** Bytes of weights a second of some kernels of the relaxed module against those of Q4_1. */
export function kernelRows({ figures }: Kernels): string {
  return figures
    .filter(({ kernels, type }) => kernels === 'relaxed' && COMPARED.includes(type))
    .map(({ type, shape, gbps, toQ4_1, ofReading }) => {
      const verdict = `aim ${KERNEL_AIM}x: ${toQ4_1 >= KERNEL_AIM ? 'met' : 'missed'}`;
      const percent = `${(100 * ofReading).toFixed(0)} % of reading`;
      const name = `${type} against Q4_1, ${shape}`.padEnd(36);
      return `${name}  ${gbps.toFixed(1).padStart(14)} GB/s  ${toQ4_1.toFixed(2)}x  ${percent}  ${verdict}`;
    })
    .join('\n');
}

/** How near the memory's limit `decode` tokens a second of `bytes` each are, and 1.6 times as many on two threads. */
export function bandwidthRow(
  bytes: number,
  decode: number,
  { one, two }: { one: number; two: number },
): string {
  const gbps = (decode * bytes) / 1e9;
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;
  return (
    `weights: decode on one thread reads ${gbps.toFixed(1)} GB/s, ${percent(gbps, one)} of what it can at all; ` +
    `1.6 times that is ${percent(1.6 * gbps, two)} of what two threads can`
  );
}

/** Times in milliseconds, and at most how many the median shall be. */
export function timesRow(name: string, times: number[], aim: number): string {
  const middle = percentile(times, 0.5);
  const spread = `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}`;
  const verdict = `aim ${aim} ms: ${middle <= aim ? 'met' : 'missed'}`;
  return `${name.padEnd(36)}  ${middle.toFixed(0).padStart(14)} ms (${spread})  ${verdict}`;
}

/** The rows as a person reads them. */
export function format(rows: Row[]): string {
  const cells = (of: Row) => [
    of.name.padEnd(36),
    `${of.value.toFixed(1)} / ${of.than.toFixed(1)} tokens/s`.padStart(24),
    `${of.ratio.toFixed(2)}x (${of.low.toFixed(2)} to ${of.high.toFixed(2)})`.padStart(26),
    `aim ${of.aim}x: ${of.ratio >= of.aim ? 'met' : 'missed'}`,
  ];
  return rows.map((of) => cells(of).join('  ')).join('\n');
}
