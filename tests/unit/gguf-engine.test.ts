/** Which engine runs a GGUF model and on what, and whose words are thrown where none does. */
import { describe, expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import { parseDigest } from '#core/digest';
import type { EngineInfo, LoadOptions } from '#core/engine';
import { chooseEngine } from '../../workers/runner/engines/gguf';
import type { WebGpuProbe, WebGpuProbes } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../../workers/runner/engine';

const no = (reason: 'no_adapter' | 'no_shader_f16' | 'software_adapter'): WebGpuProbe => ({
  usable: false,
  reason,
});
const YES: WebGpuProbe = { usable: true, adapter: 'Test GPU' };
const NO_GPU: WebGpuProbes = { paddock: no('no_adapter'), wllama: no('no_adapter') };
const NO_F16: WebGpuProbes = { paddock: YES, wllama: no('no_shader_f16') };
const GPU: WebGpuProbes = { paddock: YES, wllama: YES };

const UNKNOWN = new PaddockError('not_supported', 'ours does not know it');
const UNFIT = new PaddockError('no_gpu', 'ours finds that it computes wrong', { wrong: true });
const SHADERS = new PaddockError('engine_failed', 'a shader of ours does not compile');
const DAMAGED = new PaddockError('model_unreadable', 'ours says which key is wrong');
const REFUSED = new PaddockError('model_unreadable', "llama.cpp's words");

/** What each engine fails with; absent: it loads. */
interface Failures {
  gpu?: Error;
  ours?: Error;
  llama?: Error;
  /** What llama.cpp says to its projector; absent: it knows it, or there is none. */
  projector?: Error;
  /** The load is stopped meanwhile. */
  stopped?: boolean;
}

async function load(
  probes: WebGpuProbes,
  { gpu, ours, llama, projector, stopped = false }: Failures = {},
  num_gpu = -1,
  { seeing = false, named = undefined as string | undefined } = {},
) {
  const calls: string[] = [];
  const asked: number[] = [];
  /** An engine that loads, or fails with the error. */
  const stub = (call: string, engine: string, failure?: Error) => async (): Promise<Engine> => ({
    name: engine,
    load: async ({ files, size }, blobs, own, { files: handles }) => {
      const sees = files.some(({ role }) => role === 'projector');
      calls.push(
        (own.num_gpu === num_gpu ? call : `${call}, num_gpu ${own.num_gpu}`) +
          (sees ? ', with its projector' : ''),
      );
      expect(blobs.reduce((sum, blob) => sum + blob.size, 0)).toBe(size);
      expect([blobs.length, handles!.length]).toEqual([files.length, files.length]);
      if (sees && projector) throw projector;
      if (failure) throw failure;
      return { info: { engine } as EngineInfo } as LoadedModel;
    },
  });
  const engine = chooseEngine({
    paddock: stub('ours', 'paddock', ours),
    paddockGpu: stub('ours on WebGPU', 'paddock', gpu),
    wllama: stub('llama.cpp', 'wllama', llama),
    probe: async (layers) => {
      asked.push(layers);
      return probes;
    },
  });
  const signal = stopped ? AbortSignal.abort() : new AbortController().signal;
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const files = [...(seeing ? [{ digest, role: 'projector' } as const] : []), { digest }];
  const blobs = [...(seeing ? [new Blob(['pp'])] : []), new Blob(['w'])];
  const context = { signal, onProgress() {}, onDeath() {}, files: files.map(() => undefined) };
  const model = { files, format: 'gguf', size: seeing ? 3 : 1 };
  const result = await engine
    .load(model, blobs, { num_gpu, engine: named } as LoadOptions, context)
    .then(({ info }) => info)
    .catch((error: unknown) => error);
  if (!seeing) expect(asked).toEqual([num_gpu]);
  return { calls, result };
}

const reason = (error: Error) => ({ engine: 'paddock', reason: error.message });

describe('the engine', () => {
  it.each([GPU, NO_F16])('is ours on WebGPU wherever there is an adapter', async (probes) => {
    expect(await load(probes)).toEqual({
      calls: ['ours on WebGPU'],
      result: { engine: 'paddock' },
    });
  });

  it.each(['no_adapter', 'software_adapter'] as const)(
    'is ours on the CPU elsewhere, and says why: %s',
    async (why) => {
      expect(await load({ paddock: no(why), wllama: no(why) })).toEqual({
        calls: ['ours'],
        result: { engine: 'paddock', noWebGpu: why },
      });
    },
  );

  it.each([UNKNOWN, DAMAGED])(
    'is llama.cpp on WebGPU where ours refuses with $code and the adapter has what that needs',
    async (gpu) => {
      expect(await load(GPU, { gpu })).toEqual({
        calls: ['ours on WebGPU', 'llama.cpp'],
        result: { engine: 'wllama', refused: reason(gpu) },
      });
    },
  );

  it.each([UNFIT, SHADERS])(
    'is ours on the CPU where the adapter failed ours, whatever it has, and says so: $code',
    async (gpu) => {
      for (const probes of [GPU, NO_F16]) {
        expect(await load(probes, { gpu })).toEqual({
          calls: ['ours on WebGPU', 'ours'],
          result: { engine: 'paddock', noWebGpu: 'gpu_refused', refused: reason(gpu) },
        });
      }
    },
  );

  it.each<[string, unknown]>([
    ['a fault of our own', new RangeError('Invalid typed array length')],
    ['a DOMException', new DOMException('The pipeline was refused.', 'OperationError')],
    [
      'a map that was broken off, though nobody stopped it',
      new DOMException('Gone.', 'AbortError'),
    ],
    ['a GPUError, which is no Error', { message: 'Binding 3 is too large.' }],
  ])('is ours on the CPU after %s on the adapter, and says so', async (_, thrown) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const gpu = thrown as Error;
    expect(await load(GPU, { gpu })).toEqual({
      calls: ['ours on WebGPU', 'ours'],
      result: { engine: 'paddock', noWebGpu: 'gpu_refused', refused: reason(gpu) },
    });
    expect(warn).toHaveBeenCalledWith(expect.any(String), gpu);
    warn.mockRestore();
  });

  it('comes with the report on an adapter that computes wrong', async () => {
    const detail = { missing: 'adapter', wrong: true, report: 'Adapter: …' };
    const gpu = new PaddockError('no_gpu', 'It computes wrong.', detail);
    const { result } = await load(NO_F16, { gpu });
    expect(result).toMatchObject({ refused: { ...reason(gpu), report: 'Adapter: …' } });
  });

  it('is llama.cpp on the CPU for what ours knows nowhere, which is what is told', async () => {
    expect(await load(GPU, { gpu: UNFIT, ours: UNKNOWN })).toEqual({
      calls: ['ours on WebGPU', 'ours', 'llama.cpp, num_gpu 0'],
      result: { engine: 'wllama', noWebGpu: 'gpu_refused', refused: reason(UNKNOWN) },
    });
  });

  it.each([UNKNOWN, DAMAGED])('is llama.cpp where ours refuses with $code', async (ours) => {
    expect(await load(NO_GPU, { ours })).toEqual({
      calls: ['ours', 'llama.cpp'],
      result: { engine: 'wllama', refused: reason(ours) },
    });
  });
});

const aborted = new PaddockError('aborted', 'stopped');
const noMemory = new PaddockError('out_of_memory', 'too little');
const lost = new PaddockError('device_lost', 'gone');
const crash = new Error('crash');

it.each([
  ['unknown, refused', UNKNOWN, REFUSED, REFUSED],
  ['damaged, refused', DAMAGED, REFUSED, DAMAGED],
  ['damaged, crashed', DAMAGED, crash, DAMAGED],
  ['damaged, too large', DAMAGED, noMemory, noMemory],
  ['damaged, stopped', DAMAGED, aborted, aborted],
])('where all fail, the words that say more: %s', async (_, ours, llama, expected) => {
  const cpu = await load(NO_GPU, { ours, llama });
  expect(cpu.calls).toEqual(['ours', 'llama.cpp']);
  expect(cpu.result).toBe(expected);
  const gpu = await load(GPU, { gpu: ours, llama });
  expect(gpu.calls).toEqual(['ours on WebGPU', 'llama.cpp']);
  expect(gpu.result).toBe(expected);
});

it('what an adapter could not do is no word on what fails after it', async () => {
  const { result } = await load(GPU, { gpu: UNFIT, ours: UNKNOWN, llama: REFUSED });
  expect(result).toBe(REFUSED);
});

describe('nothing takes the place of ours', () => {
  const FINAL: [what: string, error: Error][] = [
    ['values that are not numbers', new PaddockError('model_unreadable', '', { tensor: 'w' })],
    ['a stop', aborted],
  ];

  it.each([
    ...FINAL,
    ['a fault of our own', crash],
    ['too little memory', noMemory],
    ['a failure', SHADERS],
  ] as typeof FINAL)('on the CPU after %s', async (_, ours) => {
    const { calls, result } = await load(NO_GPU, { ours });
    expect(calls).toEqual(['ours']);
    expect(result).toBe(ours);
  });

  it.each([...FINAL, ['a lost device', lost]] as typeof FINAL)(
    'on WebGPU after %s',
    async (_, gpu) => {
      const { calls, result } = await load(GPU, { gpu });
      expect(calls).toEqual(['ours on WebGPU']);
      expect(result).toBe(gpu);
    },
  );

  it('on WebGPU once it is stopped, whatever that breaks', async () => {
    const gpu = new DOMException('The device was destroyed.', 'OperationError');
    const { calls, result } = await load(GPU, { gpu, stopped: true });
    expect(calls).toEqual(['ours on WebGPU']);
    expect(result).toBe(gpu);
  });

  it('where the adapter’s memory ran out, and the error says that it was the adapter’s', async () => {
    const gpu = new PaddockError('out_of_memory', 'too little', { needed: 5 });
    const { calls, result } = await load(NO_F16, { gpu });
    expect(calls).toEqual(['ours on WebGPU']);
    expect(result).toMatchObject({
      code: 'out_of_memory',
      message: 'too little',
      detail: { needed: 5, backend: 'webgpu' },
    });
  });
});

describe('a model with a projector', () => {
  const SEEING = { seeing: true };
  const PROJECTOR = new PaddockError('not_supported', 'llama.cpp does not know its kind');

  it.each([GPU, NO_F16, NO_GPU])(
    'is llama.cpp’s, which alone sees, and says why',
    async (probes) => {
      expect(await load(probes, {}, -1, SEEING)).toEqual({
        calls: ['llama.cpp, with its projector'],
        result: {
          engine: 'wllama',
          refused: { engine: 'paddock', reason: 'Paddock’s own engine sees no images.' },
        },
      });
    },
  );

  it('reads text alone where llama.cpp does not know the projector, and says so', async () => {
    expect(await load(GPU, { projector: PROJECTOR }, -1, SEEING)).toEqual({
      calls: ['llama.cpp, with its projector', 'ours on WebGPU'],
      result: {
        engine: 'paddock',
        refused: {
          engine: 'wllama',
          reason: PROJECTOR.message,
        },
      },
    });
  });

  it.each([
    ['memory is short', { projector: new PaddockError('out_of_memory', 'full') }],
    ['it is stopped', { projector: PROJECTOR, stopped: true }],
  ])('is not tried again where %s', async (_, failures) => {
    const { calls, result } = await load(GPU, failures, -1, SEEING);
    expect(calls).toEqual(['llama.cpp, with its projector']);
    expect(result).toBe(failures.projector);
  });

  it('is measured without it', async () => {
    for (const named of ['paddock', 'wllama']) {
      const { calls } = await load(GPU, {}, 0, { seeing: true, named });
      expect(calls).toEqual([named === 'paddock' ? 'ours' : 'llama.cpp']);
    }
  });
});
