/** Shaders become pipelines: all at once, each text once, beside the weights' upload. */
import { PaddockError } from '#core/errors';
import type { Binding, Kernel } from '../kernels/webgpu/kernel';

/** A kernel that this device compiled. */
export interface Compiled<K extends Kernel = Kernel> {
  kernel: K;
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** A shader that this device refused, for the report. */
export interface Dropped {
  label: string;
  reason: string;
}

const BUFFER_TYPES: Record<Binding['access'], GPUBufferBindingType> = {
  read: 'read-only-storage',
  write: 'storage',
  uniform: 'uniform',
};

export class Pipelines {
  readonly dropped: Dropped[] = [];
  readonly #device: GPUDevice;
  readonly #onProgress: (done: number, total: number) => void;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  /** By layout and text. */
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  #done = 0;

  /** `onProgress`: shaders that are compiled, of those asked for so far. */
  constructor(device: GPUDevice, onProgress: (done: number, total: number) => void = () => {}) {
    this.#device = device;
    this.#onProgress = onProgress;
  }

  /** Finds what this one has, and keeps to itself what it compiles. */
  fork(): Pipelines {
    const fork = new Pipelines(this.#device);
    for (const [key, pipeline] of this.#pipelines) fork.#pipelines.set(key, pipeline);
    for (const [label, layout] of this.#layouts) fork.#layouts.set(label, layout);
    return fork;
  }

  /** All shaders that were asked for, in an order that does not depend on who came first. */
  get texts(): string[] {
    return [...this.#pipelines.keys()].sort();
  }

  /**
   * The first of `variants`, which are written one at a time, that the device compiles.
   * @throws PaddockError `engine_failed` where it compiles none
   */
  async compile<K extends Kernel>(...variants: readonly (() => K)[]): Promise<Compiled<K>> {
    let refused = '';
    for (const write of variants) {
      const kernel = write();
      const layout = this.#layoutOf(kernel.bindings);
      try {
        return { kernel, layout, pipeline: await this.#pipelineOf(kernel, layout) };
      } catch (error) {
        refused = `The shader "${kernel.label}" does not compile: ${reasonOf(error)}`;
      }
    }
    throw new PaddockError('engine_failed', refused);
  }

  #pipelineOf(kernel: Kernel, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const key = `${layout.label}\n${kernel.code}`;
    const known = this.#pipelines.get(key);
    if (known) return known;
    const made = this.#make(kernel, layout);
    this.#pipelines.set(key, made);
    const settled = () => this.#onProgress(++this.#done, this.#pipelines.size);
    made.then(settled, (error: unknown) => {
      this.dropped.push({ label: kernel.label, reason: reasonOf(error) });
      settled();
    });
    return made;
  }

  async #make({ label, code }: Kernel, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const device = this.#device;
    // An error of the text is reported to a scope; the pipeline's own promise is then refused as well.
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label, code });
    const said = device.popErrorScope();
    const pipeline = device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    pipeline.catch(() => {}); // awaited below
    const error = await said;
    if (error) throw new Error(error.message);
    return pipeline;
  }

  /** Kernels whose bindings have the same accesses share one. */
  #layoutOf(bindings: readonly Binding[]): GPUBindGroupLayout {
    const label = bindings.map(({ access }) => access).join(' ');
    let layout = this.#layouts.get(label);
    if (!layout) {
      layout = this.#device.createBindGroupLayout({
        label,
        entries: bindings.map(({ access }, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: BUFFER_TYPES[access] },
        })),
      });
      this.#layouts.set(label, layout);
    }
    return layout;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
