/** An engine that was asked for by its name runs the model on the backend that was asked for, or nothing does. */
import { expect, it, vi } from 'vitest';
import { parseDigest } from '#core/digest';
import type { EngineInfo, LoadOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { WebGpuProbe } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../../../workers/runner/engine';
import { chooseEngine } from '../../../workers/runner/engines/gguf';

const GPU: WebGpuProbe = { usable: true, adapter: 'Test GPU' };
const NO_GPU: WebGpuProbe = { usable: false, reason: 'no_adapter' };

interface Asked {
  engine: string;
  num_gpu: number;
  /** The adapter, for the engine; the other one has none. */
  found?: WebGpuProbe;
  /** What llama.cpp says it runs on. */
  backend?: EngineInfo['backend'];
  failure?: PaddockError;
}

async function load({ engine, num_gpu, found = GPU, backend = 'webgpu', failure }: Asked) {
  const calls: [name: string, options: LoadOptions][] = [];
  const close = vi.fn(async () => {});
  const stub =
    (name: string, of = name) =>
    async (): Promise<Engine> => ({
      name: of,
      async load(_model, _blobs, options) {
        calls.push([name, options]);
        if (failure) throw failure;
        const info = { engine: of, ...(name === 'wllama' && { backend }) } as EngineInfo;
        return { info, close } as unknown as LoadedModel;
      },
    });
  const probe = vi.fn(async (_layers: number) => ({
    ...{ paddock: NO_GPU, wllama: NO_GPU },
    [engine]: found,
  }));
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const paddockGpu = stub('paddock on WebGPU', 'paddock');
  const engines = { paddock: stub('paddock'), paddockGpu, wllama: stub('wllama'), probe };
  const result = await chooseEngine(engines)
    .load(
      { files: [{ digest }], format: 'gguf', size: 1 },
      [new Blob()],
      { num_ctx: 0, num_thread: 1, num_gpu, engine },
      { signal: new AbortController().signal, onProgress() {}, onDeath() {} },
    )
    .then(({ info }) => info)
    .catch((error: PaddockError) => error);
  return { calls, result, probe, close };
}

it('our own runs on the CPU, and is not tried elsewhere', async () => {
  const { calls, result, probe } = await load({ engine: 'paddock', num_gpu: 0 });
  expect(calls.map(([name]) => name)).toEqual(['paddock']);
  expect(result).toMatchObject({ engine: 'paddock', noWebGpu: 'asked_cpu' });
  expect(probe).not.toHaveBeenCalled();
});

it.each([
  [0, 'paddock'],
  [-1, 'paddock on WebGPU'],
])('what ours refuses goes to nobody else: num_gpu %i', async (num_gpu, name) => {
  for (const code of ['not_supported', 'no_gpu'] as const) {
    const failure = new PaddockError(code, 'ours does not');
    const { calls, result } = await load({ engine: 'paddock', num_gpu, failure });
    expect(calls.map(([called]) => called)).toEqual([name]);
    expect(result).toBe(failure);
  }
});

it('llama.cpp runs on the CPU where that was asked for', async () => {
  const { calls, probe } = await load({ engine: 'wllama', num_gpu: 0, backend: 'wasm' });
  expect(calls).toMatchObject([['wllama', { num_gpu: 0 }]]);
  expect(probe).not.toHaveBeenCalled();
});

it.each([
  ['paddock', 'paddock on WebGPU'],
  ['wllama', 'wllama'],
])('%s takes any adapter, one that the processor plays too', async (engine, name) => {
  const { calls, result, probe } = await load({ engine, num_gpu: -1 });
  const [layers] = probe.mock.calls[0]!;
  expect(layers).toBeGreaterThan(0);
  expect(calls).toMatchObject([[name, { num_gpu: layers }]]);
  expect(result).toMatchObject({ engine });
});

it.each([
  ['paddock', 'no_adapter', 'adapter', 'Paddock has'],
  ['wllama', 'no_adapter', 'adapter', 'llama.cpp'],
  ['wllama', 'no_shader_f16', 'shader-f16', 'llama.cpp'],
] as const)(
  'without what %s needs it is refused before it loads: %s',
  async (engine, reason, missing, words) => {
    const found: WebGpuProbe = { usable: false, reason };
    const { calls, result } = await load({ engine, num_gpu: -1, found });
    const message = expect.stringContaining(words) as string;
    expect(result).toMatchObject({ code: 'no_gpu', detail: { missing }, message });
    expect(calls).toEqual([]);
  },
);

it('an adapter that llama.cpp did not take ends the load', async () => {
  const { result, close } = await load({ engine: 'wllama', num_gpu: -1, backend: 'wasm' });
  expect(result).toMatchObject({ code: 'no_gpu' });
  expect(close).toHaveBeenCalledOnce();
});

it('an engine that nobody knows is refused', async () => {
  const { result } = await load({ engine: 'webllm', num_gpu: -1 });
  expect(result).toMatchObject({ code: 'not_supported' });
});
