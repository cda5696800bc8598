/** The engine's forward pass on tokens that a test chooses: logits, without sampler or template. */
import { serve } from '#core/callee';
import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { Port } from '#core/protocol';
import { loadParts } from '../../workers/runner/engines/paddock/engine';
import type { KernelSet } from '../../workers/runner/engines/paddock/kernels/instantiate';
import type { ModelParts } from '../../workers/runner/engines/paddock/model';

export interface ForwardMethods {
  load: {
    params: { weights: readonly Blob[]; threads: number; kernels?: KernelSet };
    chunk: never;
    result: null;
  };
  /** Logits after each of `tokens`, from position 0; in pieces of `chunk` tokens, or one by one. */
  forward: {
    params: { tokens: number[]; chunk: number };
    chunk: Float32Array;
    result: null;
  };
  close: { params: null; chunk: never; result: null };
}

let loaded: ModelParts | undefined;

serve<ForwardMethods>(self as unknown as Port, {
  async load({ weights, threads, kernels }, { signal }) {
    loaded = await loadParts(
      { kernels },
      { format: 'gguf', files: [{ digest: parseDigest(`sha256:${'0'.repeat(64)}`)! }], size: 0 },
      weights,
      { num_ctx: 2048, num_gpu: 0, num_thread: threads },
      { signal, onProgress: () => {}, onDeath: (reason) => console.error(reason) },
    );
    return null;
  },
  async forward({ tokens, chunk }, { signal, send }) {
    if (!loaded) throw new PaddockError('internal', 'no model is loaded');
    const { decoder } = loaded;
    const step = Math.min(chunk, decoder.chunk);
    for (let start = 0; start < tokens.length; start += step) {
      const part = tokens.slice(start, start + step);
      await decoder.evaluate(part, start, signal);
      for (let at = 0; at < part.length; at++) await send((await decoder.logits(at)).slice());
    }
    return null;
  },
  async close() {
    loaded?.close();
    loaded = undefined;
    return null;
  },
});
