/** Graphics that answer never, or no more: each wait has an end, and each end has a sentence with a remedy. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toPaddockError, type PaddockError } from '#core/errors';
import { explainInLine } from '#core/sentences';
import { probeWebGpu } from '#core/webgpu-probe';
import { Recovery } from '../../workers/host/scheduler/recovery';
import { openDevice } from '../../workers/runner/engines/paddock/webgpu/device';
import { requireAdapter } from '../../workers/runner/engines/webllm/adapter';
import { GpuWatch } from '../../workers/runner/engines/webllm/gpu-watch';
import { digest } from '../fixtures/house';

const never = () => new Promise<never>(() => {});

/** The browser's classes, as far as they are asked; a test says what they answer. */
class FakeAdapter {
  limits = {};
  features = new Set<string>();
  requestDevice(): Promise<unknown> {
    return never();
  }
}

class FakeGpu {
  requestAdapter(): Promise<FakeAdapter | null> {
    return never();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('GPU', FakeGpu);
  vi.stubGlobal('GPUAdapter', FakeAdapter);
  vi.stubGlobal('navigator', { gpu: new FakeGpu() });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function failure(work: Promise<unknown>): Promise<PaddockError> {
  const failed = work.then(
    () => new Error('It went well.'),
    (error: unknown) => error,
  );
  await vi.runAllTimersAsync();
  return toPaddockError(await failed);
}

const NEEDS = { f16: false, largest: 0 };
const SILENT = { code: 'no_gpu', detail: { missing: 'adapter', silent: true } };

describe('a wait for graphics ends', () => {
  it('of an engine that asks for an adapter', async () => {
    const error = await failure(requireAdapter(NEEDS));
    expect(error).toMatchObject(SILENT);
    expect(explainInLine(error)).toBe(
      'This model needs WebGPU, and the browser does not answer when asked for a graphics adapter. ' +
        'Restart the browser, or choose a GGUF model, which runs on the CPU too.',
    );
  });

  it('of the list of models, which asks whether there is one', async () => {
    const probe = probeWebGpu(-1);
    await vi.runAllTimersAsync();
    const none = { usable: false, reason: 'no_adapter' };
    expect(await probe).toEqual({ paddock: none, wllama: none });
  });
});

describe('what runs on an adapter', () => {
  const probe = async (features: string[], description: string, layers = -1) => {
    const info = { description, vendor: '', architecture: '', device: '' };
    const adapter = Object.assign(new FakeAdapter(), { features: new Set(features), info });
    vi.spyOn(FakeGpu.prototype, 'requestAdapter').mockResolvedValue(adapter);
    return probeWebGpu(layers);
  };
  const usable = (adapter: string) => ({ usable: true, adapter });
  const not = (reason: string) => ({ usable: false, reason });

  it('is our engine, and llama.cpp where there are 16-bit floats', async () => {
    const name = usable('GTX 1660 Ti');
    expect(await probe(['shader-f16'], 'GTX 1660 Ti')).toEqual({ paddock: name, wllama: name });
    expect(await probe([], 'GTX 1660 Ti')).toEqual({
      paddock: name,
      wllama: not('no_shader_f16'),
    });
  });

  it('is nothing where the CPU was asked for', async () => {
    const cpu = not('asked_cpu');
    expect(await probe(['shader-f16'], 'GTX 1660 Ti', 0)).toEqual({ paddock: cpu, wllama: cpu });
  });

  it('is nothing unasked where the processor plays it, and both with num_gpu', async () => {
    const software = not('software_adapter');
    const both = { paddock: software, wllama: software };
    expect(await probe(['shader-f16'], 'SwiftShader')).toEqual(both);
    expect(await probe([], 'SwiftShader')).toMatchObject({ paddock: software });
    expect(await probe([], 'SwiftShader', 1)).toMatchObject({ paddock: usable('SwiftShader') });
  });
});

const EVENTS = { onDevice() {}, onWrite() {}, onShaders() {}, onLost() {} };

describe('our own engine', () => {
  const { signal } = new AbortController();
  const given = () =>
    vi.spyOn(FakeGpu.prototype, 'requestAdapter').mockResolvedValue(new FakeAdapter());

  it('hears of an adapter that does not answer', async () => {
    expect(await failure(openDevice({ signal }))).toMatchObject(SILENT);
  });

  it('hears of a device that does not come, and one that comes late is given back', async () => {
    given();
    const late = { destroy: vi.fn() };
    let come!: (device: unknown) => void;
    const opening = new Promise((resolve) => (come = resolve));
    vi.spyOn(FakeAdapter.prototype, 'requestDevice').mockReturnValue(opening);
    expect(await failure(openDevice({ signal }))).toMatchObject(SILENT);
    come(late);
    await vi.waitFor(() => expect(late.destroy).toHaveBeenCalledOnce());
  });

  it('hears why the adapter gives none', async () => {
    given();
    const why = new Error('the driver was replaced');
    vi.spyOn(FakeAdapter.prototype, 'requestDevice').mockRejectedValue(why);
    expect(await failure(openDevice({ signal }))).toMatchObject({
      code: 'no_gpu',
      message: 'The graphics adapter gives no device: the driver was replaced',
      detail: { missing: 'adapter', gone: true },
    });
  });

  it('asks for none once the load is stopped', async () => {
    given();
    const ask = vi.spyOn(FakeAdapter.prototype, 'requestDevice');
    expect(await failure(openDevice({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
    });
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('web-llm, which asks once more', () => {
  it('hears of an adapter that does not answer', async () => {
    const watch = new GpuWatch(EVENTS);
    expect(await failure(navigator.gpu.requestAdapter())).toMatchObject(SILENT);
    watch.stopOpening();
  });

  it('hears of one that is gone by then, and its library is not to blame', async () => {
    vi.spyOn(FakeGpu.prototype, 'requestAdapter').mockResolvedValue(null);
    const watch = new GpuWatch(EVENTS);
    const error = await failure(navigator.gpu.requestAdapter());
    expect(error).toMatchObject({ code: 'no_gpu', detail: { missing: 'adapter' } });
    watch.stopOpening();
  });

  it('hears of a device that does not come, and one that comes late is given back', async () => {
    const late = { destroy: vi.fn() };
    let come!: (device: unknown) => void;
    const opening = new Promise((resolve) => (come = resolve));
    vi.spyOn(FakeAdapter.prototype, 'requestDevice').mockReturnValue(opening);
    const watch = new GpuWatch(EVENTS);
    expect(await failure(new FakeAdapter().requestDevice())).toMatchObject(SILENT);
    come(late);
    await vi.waitFor(() => expect(late.destroy).toHaveBeenCalledOnce());
    watch.stopOpening();
  });

  it('asks the browser itself again once the load is over', () => {
    const { requestAdapter } = FakeGpu.prototype;
    const { requestDevice } = FakeAdapter.prototype;
    new GpuWatch(EVENTS).stopOpening();
    expect(FakeGpu.prototype.requestAdapter).toBe(requestAdapter);
    expect(FakeAdapter.prototype.requestDevice).toBe(requestDevice);
  });
});

describe('a load that finds no adapter', () => {
  const request = {
    name: 'llama3.2:1b-mlc',
    model: { format: 'mlc', files: [{ digest: digest('a') }], size: 1 },
    options: { num_ctx: 0, num_gpu: -1, num_thread: 0 },
    keepAliveMs: 1,
  };
  const info = {
    ...{ engine: 'webllm', backend: 'webgpu' as const, threads: 1, contextLength: 1 },
    ...{ contextTrained: 1, capabilities: [], bytes: { weights: 1, cache: 1 } },
  };

  async function told(recovery: Recovery): Promise<PaddockError> {
    vi.spyOn(FakeGpu.prototype, 'requestAdapter').mockResolvedValue(null);
    const error = await failure(requireAdapter(NEEDS));
    const again = async () => recovery.tryAgain(error, { request, retried: false, missed: false });
    return failure(again());
  }

  it('offers the model that runs without', async () => {
    const error = await told(new Recovery(() => 'b:q4'));
    expect(error.detail).toEqual({ missing: 'adapter', offer: 'twin', twin: 'b:q4' });
    expect(explainInLine(error)).toBe(
      'This model needs WebGPU, and the browser gives no graphics adapter. ' +
        'Choose “b:q4”, which does without.',
    );
  });

  it('says that there was one, and that it comes back', async () => {
    const recovery = new Recovery();
    recovery.loaded(request, info);
    const error = await told(recovery);
    expect(error.detail).toEqual({ missing: 'adapter', offer: 'twin', gone: true });
    expect(explainInLine(error)).toBe(
      'This model needs WebGPU, and the browser gives no graphics adapter any more. ' +
        'Try again in a few minutes, restart the browser, or choose a GGUF model, which runs on the CPU too.',
    );
  });
});
