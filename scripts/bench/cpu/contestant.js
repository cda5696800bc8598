// A worker with one engine and the starter: both engines are asked through the same seam.
// Its times are of its own clock, so that no page and no main thread is in them.
import { createPaddockEngine } from '../../../workers/runner/engines/paddock/engine';
import { wllamaEngine } from '../../../workers/runner/engines/wllama/engine';

let model;

async function load({ engine, kernels, threads }) {
  const weights = await (await fetch(new URL('/model.gguf', location.href))).blob();
  const chosen = engine === 'wllama' ? wllamaEngine : createPaddockEngine({ kernels });
  const options = { num_ctx: 4096, num_gpu: 0, num_thread: threads };
  model = await chosen.load({ format: 'gguf', size: weights.size }, weights, options, {
    signal: new AbortController().signal,
    onProgress: () => {},
    onDeath: (reason) => setTimeout(() => Promise.reject(new Error(reason))),
  });
  return model.info;
}

async function ask({ prompt, predict }) {
  const options = { num_predict: predict, temperature: 0, repeat_penalty: 1, seed: 1 };
  const start = performance.now();
  let first = 0;
  let last = 0;
  const reply = model.complete({ prompt, options }, new AbortController().signal);
  for await (const chunk of reply) {
    if (chunk.type === 'delta') {
      last = performance.now();
      first ||= last;
    }
    if (chunk.type !== 'final') continue;
    return {
      promptTokens: chunk.promptTokens - chunk.cachedTokens,
      promptMs: first - start,
      tokens: chunk.evalTokens - 1,
      ms: last - first,
    };
  }
  throw new Error('The reply had no end.');
}

onmessage = async ({ data }) => {
  try {
    postMessage({ result: 'load' in data ? await load(data.load) : await ask(data.ask) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
