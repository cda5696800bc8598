/** What is compared with what, and how good it shall be. */
import { percentile } from '#core/statistics';
import type { EngineInfo } from '#core/engine';
import type { Fault } from './contestants';
import type { Rates } from './matvec';
import type { Contestant } from './names';
import type { Samples, Sizes } from './rounds';

export interface Comparison {
  name: string;
  /** The medians' ratio, and the smallest and largest of the rounds. */
  ratio: number;
  low: number;
  high: number;
  /** At least. */
  aim: number;
}

export type Measured = Partial<Record<Contestant, Samples>>;

/** Ours beside the peer with the same model. */
const PAIRS: [ours: Contestant, peer: Contestant][] = [
  ['Paddock', 'wllama'],
  ['Paddock, tiny', 'WebLLM, tiny'],
];
/** As fast as the better peer, and half as much again. */
const PEER_AIM = 1.5;
/** Of the bandwidth of copies. */
const BANDWIDTH_AIM = 0.6;

export function comparisons(measured: Measured, rates: Rates): Comparison[] {
  const peers = PAIRS.flatMap(([ours, peer]) => {
    const [own, other] = [measured[ours], measured[peer]];
    if (!own || !other) return [];
    return (['decode', 'prompt'] as const).map((what) =>
      compare(`${what}, ${ours} against ${peer}`, own[what], other[what], PEER_AIM),
    );
  });
  const bandwidth = (['Q4_K', 'Q4_0'] as const).map((type) =>
    compare(`${type} against copies of memory`, rates[type], rates.copy, BANDWIDTH_AIM),
  );
  return [...peers, ...bandwidth];
}

function compare(name: string, values: number[], others: number[], aim: number): Comparison {
  const ratios = values.map((value, round) => value / others[round]!);
  const ratio = percentile(values, 0.5) / percentile(others, 0.5);
  return { name, ratio, low: Math.min(...ratios), high: Math.max(...ratios), aim };
}

export function formatMeasured(measured: Measured, { prompt, generate }: Sizes): string {
  const figure = (values: number[], unit: string) => {
    const [low, middle, high] = [0, 0.5, 1].map((p) => percentile(values, p).toFixed(1));
    return `${middle} ${unit} (${low} to ${high})`.padEnd(36);
  };
  const lines = Object.entries(measured).map(([name, samples]) =>
    [
      name.padEnd(16),
      figure(samples.decode, 'tokens/s'),
      figure(samples.prompt, 'tokens/s'),
      figure(samples.firstToken, 'ms'),
    ].join(''),
  );
  const heads = [`decode of ${generate}`, `prompt of ${prompt}`, 'first token'];
  const head = ''.padEnd(16) + heads.map((title) => title.padEnd(36)).join('');
  return [head, ...lines].map((line) => line.trimEnd()).join('\n');
}

export function formatRates(rates: Rates): string {
  return Object.entries(rates)
    .map(([name, values]) => `${name} ${percentile(values, 0.5).toFixed(1)} GB/s`)
    .join(', ');
}

/** @param judged with the aims, which mean nothing where the processor plays the adapter */
export function formatComparisons(all: Comparison[], judged: boolean): string {
  return all
    .map(({ name, ratio, low, high, aim }) => {
      const spread = `${ratio.toFixed(2)}x (${low.toFixed(2)} to ${high.toFixed(2)})`;
      const verdict = judged ? `  aim ${aim}x: ${ratio >= aim ? 'met' : 'missed'}` : '';
      return `${name.padEnd(46)}${spread.padEnd(26)}${verdict}`.trimEnd();
    })
    .join('\n');
}

/** Which ones run, and which do not and why. */
export function formatEngines(engines: Record<string, EngineInfo | Fault>): string {
  return Object.entries(engines)
    .map(([name, found]) => ('fault' in found ? `${name} does not run here: ${found.fault}` : name))
    .join('\n');
}
