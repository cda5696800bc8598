/** What the fake engine does while it loads: weights that begin with these words name it. */
import type { LoadOptions } from '#core/engine';
import { isErrorCode } from '#core/error-codes';
import { PaddockError } from '#core/errors';
import { totalSize } from '#core/total-size';
import type { LoadContext } from '../../engine';
import { pause } from './scenarios';

/** Milliseconds: longer than any test waits. */
const FOR_EVER = 600_000;

interface Load {
  words: string[];
  /** Bytes. */
  total: number;
  options: LoadOptions;
  context: LoadContext;
}

const LOADS: Record<string, (load: Load) => Promise<void>> = {
  /** Loads to 45 % and no further until the load is stopped. */
  async '/stuck'({ total, context }) {
    context.onProgress({ phase: 'weights', done: 0.45 * total, total });
    await pause(FOR_EVER, context.signal);
  },
  /** 31 of 87 shaders and no more. */
  async '/shaders'({ context }) {
    context.onProgress({ phase: 'shaders', done: 31, total: 87 });
    await pause(FOR_EVER, context.signal);
  },
  async '/warmup'({ context }) {
    context.onProgress({ phase: 'warmup' });
    await pause(FOR_EVER, context.signal);
  },
  /** `/fails CODE TOKENS`: with a larger context than that (absent: any). */
  async '/fails'({ words: [code, most = '0'], options }) {
    if (!isErrorCode(code)) return;
    if (options.num_ctx > 0 && options.num_ctx <= Number(most)) return;
    throw new PaddockError(code, 'The load failed, as the weights ask.');
  },
};

const ADAPTERS: Record<string, string> = {
  '/gpu': 'Fake adapter',
  '/software': 'SwiftShader Device (fake)',
};

/**
 * What `weights` name an adapter for, and what follows, is on it unless the options keep to the CPU; `/bench` and a word
 * are for `token-model.ts`; `/wrong` is an adapter that computed wrong, so the model runs on the CPU.
 */
export async function playLoad(
  weights: readonly Blob[],
  options: LoadOptions,
  context: LoadContext,
): Promise<{ adapter?: string; fault?: string; wrong: boolean }> {
  const words = ((await weights[0]?.slice(0, 100).text()) ?? '').trimEnd().split(' ');
  const adapter = Object.hasOwn(ADAPTERS, words[0]!) ? ADAPTERS[words.shift()!] : undefined;
  const [name = '', ...rest] = words;
  if (Object.hasOwn(LOADS, name)) {
    await LOADS[name]!({ words: rest, total: totalSize(weights), options, context });
  }
  return {
    ...(options.num_gpu !== 0 && { adapter }),
    ...(name === '/bench' && { fault: rest[0] }),
    wrong: name === '/wrong',
  };
}
