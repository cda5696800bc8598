/** Engines that a test asks for logits, and their distance from the reference. */
import { Wllama } from '@wllama/wllama/esm/index.js';
import wasm from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { numbered } from '../fixtures/reference/numbered';
import { logSoftmax } from '../fixtures/reference/starter';
import { wllamaTop } from '../fixtures/reference/wllama-logprobs';
import { logitsOf, type Settings } from './paddock-logits';

/** Our log-probabilities after each of `tokens`, [token][vocabulary]. */
export async function ours(
  weights: Blob | Blob[],
  tokens: number[],
  { threads = 1, kernels, chunk = 1 }: Settings = {},
): Promise<Float64Array[]> {
  return (await logitsOf(weights, tokens, { threads, kernels, chunk })).map(logSoftmax);
}

let wllamaModule: Promise<[address: string, kept: WebAssembly.Module]> | undefined;

/** Fetched and compiled once for a file's tests: Chromium gives equal modules the code of one that is held. */
function moduleOnce() {
  return (wllamaModule ??= (async () => {
    const bytes = await (await fetch(wasm)).blob();
    const kept = await WebAssembly.compile(await bytes.arrayBuffer());
    return [URL.createObjectURL(bytes), kept];
  })());
}

/** wllama's log-probabilities after each of `tokens`; all of a small vocabulary. */
export async function wllamas(file: Uint8Array, tokens: number[]): Promise<Float64Array[]> {
  const quiet = { debug() {}, log() {}, warn() {}, error: console.error };
  const [address] = await moduleOnce();
  const wllama = new Wllama({ default: address }, { logger: quiet });
  try {
    const parts = [new Blob([numbered(file, tokens) as Uint8Array<ArrayBuffer>])];
    await wllama.loadModel(parts, { n_ctx: 512, n_parallel: 1, n_threads: 1, n_gpu_layers: 0 });
    const { n_vocab } = wllama.getLoadedContextInfo();
    const all: Float64Array[] = [];
    for (let count = 1; count <= tokens.length; count++) {
      const values = new Float64Array(n_vocab);
      for (const [id, value] of await wllamaTop(wllama, tokens.slice(0, count), n_vocab)) {
        values[id] = value;
      }
      all.push(values);
    }
    return all;
  } finally {
    await wllama.exit();
  }
}

export interface Distance {
  /** Mean over the positions, nats. */
  divergence: number;
  /** The largest difference of two log-probabilities. */
  largest: number;
}

/** Of whole distributions, [position][vocabulary]. */
export function distance(reference: Float64Array[], engine: Float64Array[]): Distance {
  let sum = 0;
  let largest = 0;
  reference.forEach((logPs, position) => {
    logPs.forEach((logP, id) => {
      const difference = logP - engine[position]![id]!;
      sum += Math.exp(logP) * difference;
      // NaN is larger than nothing: it must not get lost here.
      if (!(Math.abs(difference) <= largest)) largest = Math.abs(difference);
    });
  });
  return { divergence: sum / reference.length, largest };
}
