// wllama and nothing else: what the house is compared with. One thread, the same file, the same prompt.
import { Wllama } from './wllama/index.js';

const quiet = { debug() {}, log() {}, warn() {}, error: console.error };
let wllama;

/** Resolves with `{ ready }`, or with the times at which the pieces of a reply came. */
async function answer({ type, parts, prompt, tokens }) {
  if (type === 'load') {
    const blobs = await Promise.all(parts.map(async (url) => (await fetch(url)).blob()));
    wllama = new Wllama({ default: './wllama/wasm/wllama.wasm' }, { logger: quiet });
    await wllama.loadModel([new Blob(blobs)], {
      n_ctx: 4096,
      n_parallel: 1,
      n_threads: 1,
      n_gpu_layers: 0,
    });
    return { ready: true };
  }
  const times = [];
  const chunks = await wllama.createChatCompletion({
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    n_predict: tokens,
    temperature: 0,
    cache_prompt: true,
  });
  for await (const chunk of chunks)
    if (chunk.choices[0]?.delta?.content) times.push(performance.now());
  return { times };
}

onmessage = async ({ data }) => postMessage(await answer(data));
