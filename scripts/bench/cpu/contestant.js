// A worker with one engine and the starter: both engines are asked through the same seam.
// Its times are of its own clock, so that no page and no main thread is in them.
import { createPaddockEngine } from '../../../workers/runner/engines/paddock/engine';
import { wllamaEngine } from '../../../workers/runner/engines/wllama/engine';

let model;

async function load({ engine, kernels, threads, cache }) {
  const weights = await (await fetch(new URL('/model.gguf', location.href))).blob();
  const chosen = engine === 'wllama' ? wllamaEngine : createPaddockEngine({ kernels });
  const options = { num_ctx: 4096, num_gpu: 0, num_thread: threads, kv_cache_type: cache };
  model = await chosen.load({ format: 'gguf', size: weights.size }, [weights], options, {
    signal: new AbortController().signal,
    onProgress: () => {},
    onDeath: (reason) => setTimeout(() => void Promise.reject(new Error(reason))),
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

let stopping;
let asked = 0;

// From the page's message until the engine has stopped, in milliseconds: a busy engine does not hear it at once.
async function cancel({ prompt, at }) {
  stopping = new AbortController();
  const options = { num_predict: 400, temperature: 0, repeat_penalty: 1, seed: 1 };
  let told = false;
  try {
    for await (const { type } of model.complete({ prompt, options }, stopping.signal)) {
      if (type === at && !told) postMessage({ working: (told = true) });
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return performance.timeOrigin + performance.now() - asked;
  }
  throw new Error('The work ended before the cancel.');
}

// As the product loads: from a file of the origin's own, threads and all. Milliseconds, after one load unmeasured.
async function reload(rounds) {
  const weights = await (await fetch(new URL('/model.gguf', location.href))).arrayBuffer();
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle('bench.gguf', { create: true });
  const access = await file.createSyncAccessHandle();
  access.write(new Uint8Array(weights));
  access.close();
  const times = [];
  for (let round = 0; round <= rounds; round++) {
    const blob = await file.getFile();
    const context = {
      files: [file],
      signal: new AbortController().signal,
      onProgress() {},
      onDeath() {},
    };
    const start = performance.now();
    const options = { num_ctx: 0, num_gpu: 0, num_thread: 0 };
    const loaded = await createPaddockEngine().load({ size: blob.size }, [blob], options, context);
    if (round > 0) times.push(performance.now() - start);
    await loaded.close();
  }
  await folder.removeEntry('bench.gguf');
  return times;
}

async function answer(data) {
  if ('load' in data) return load(data.load);
  if ('cancel' in data) return cancel(data.cancel);
  return 'reload' in data ? reload(data.reload) : ask(data.ask);
}

onmessage = async ({ data }) => {
  if ('stop' in data) {
    asked = data.stop;
    stopping.abort();
    return;
  }
  try {
    postMessage({ result: await answer(data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
