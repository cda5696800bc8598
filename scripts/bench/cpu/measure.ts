/** Takes the samples, in turns: drift and noise fall on all contestants alike. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright';
import type { Tokenizer } from '../../../workers/runner/engines/paddock/tokenizer/tokenizer';
import type { BenchApi } from './page';
import { promptOf } from './prompts';
import type { Contestant, Measured } from './types';

export const CONTESTANTS: Record<string, Contestant> = {
  wllama: { engine: 'wllama', threads: 1 },
  ours: { engine: 'paddock', threads: 1 },
  two: { engine: 'paddock', threads: 2 },
  automatic: { engine: 'paddock', threads: 0 },
  plain: { engine: 'paddock', threads: 1, kernels: 'plain' },
  bytes: { engine: 'paddock', threads: 1, cache: 'q8_0' },
};

/** Tokens a second, a value a round, by what was measured. */
export type Samples = Record<Metric, number[]>;

const METRICS = [
  'decode, 1 thread',
  'decode, wllama',
  'decode, plain module',
  'decode, 2 threads',
  'decode, automatic, one core hogged',
  'decode after 2,000',
  'decode after 2,000, 2 threads',
  'decode after 2,000, 8-bit cache',
  'prompt of 34',
  'prompt of 34, wllama',
  'prompt of 512',
  'prompt of 512, 2 threads',
  'prompt of 512, wllama',
] as const;
export type Metric = (typeof METRICS)[number];

export interface Rounds {
  rounds: number;
  /** Rounds in which wllama reads 512 tokens too: some 40 seconds each. */
  slow: number;
}

/** Seconds a round: about 20, and 40 more of the slow ones. */
export async function measure(
  page: Page,
  tokenizer: Tokenizer,
  { rounds, slow }: Rounds,
): Promise<Samples> {
  const samples = Object.fromEntries(METRICS.map((name) => [name, [] as number[]])) as Samples;
  let unique = 100;
  const ask = async (name: string, tokens: number, predict: number, fixed = false) => {
    const prompt = promptOf(tokenizer, tokens, fixed ? 99 : unique++);
    return page.evaluate(
      ([name, ask]) => (globalThis as unknown as PageGlobal).bench.ask(name, ask),
      [name, { prompt, predict }] as const,
    );
  };
  const turns: ((round: number) => Promise<Partial<Record<Metric, number>>>)[] = [
    async () => {
      const measured = await ask('ours', 34, 96);
      return { 'decode, 1 thread': decode(measured), 'prompt of 34': prefill(measured) };
    },
    async () => {
      const measured = await ask('wllama', 34, 32);
      return { 'decode, wllama': decode(measured), 'prompt of 34, wllama': prefill(measured) };
    },
    async () => ({ 'decode, plain module': decode(await ask('plain', 34, 96)) }),
    async () => ({ 'decode, 2 threads': decode(await ask('two', 34, 96)) }),
    async () => ({
      'decode, automatic, one core hogged': await hogged(async () => {
        await ask('automatic', 34, 32); // the hog is at work, and the engine has seen it
        return decode(await ask('automatic', 34, 96));
      }),
    }),
    async () => ({ 'decode after 2,000': decode(await ask('ours', 2000, 64, true)) }),
    async () => ({
      'decode after 2,000, 2 threads': decode(await ask('two', 2000, 64, true)),
    }),
    async () => ({
      'decode after 2,000, 8-bit cache': decode(await ask('bytes', 2000, 64, true)),
    }),
    async () => ({ 'prompt of 512': prefill(await ask('ours', 512, 2)) }),
    async () => ({ 'prompt of 512, 2 threads': prefill(await ask('two', 512, 2)) }),
    async (round) =>
      round < slow ? { 'prompt of 512, wllama': prefill(await ask('wllama', 512, 2)) } : {},
  ];
  // Round -1 is warm-up: engines optimise code while it runs.
  for (let round = -1; round < rounds; round++) {
    const order = turns.map((_, at) => turns[(at + Math.max(0, round)) % turns.length]!);
    for (const turn of round % 2 === 0 ? order : order.reverse()) {
      const values = await turn(round === -1 ? Infinity : round);
      if (round === -1) continue;
      for (const [name, value] of Object.entries(values)) samples[name as Metric].push(value);
    }
  }
  return samples;
}

function decode({ tokens, ms }: Measured): number {
  // A reply that ends at once says nothing of speed.
  if (tokens < 8) throw new Error(`A reply ended after ${tokens + 1} tokens.`);
  return (tokens * 1000) / ms;
}

function prefill({ promptTokens, promptMs }: Measured): number {
  return (promptTokens * 1000) / promptMs;
}

/** With one core kept busy by another process. */
async function hogged<T>(measured: () => Promise<T>): Promise<T> {
  const hog = spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' });
  await once(hog, 'spawn');
  try {
    return await measured();
  } finally {
    hog.kill('SIGKILL');
    await once(hog, 'exit');
  }
}

interface PageGlobal {
  bench: BenchApi;
}
