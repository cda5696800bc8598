/** Sees the device that web-llm opens: what it allocates and uploads, its shaders, its errors and its loss. */
import { answered, answeredDevice, noGpu } from '../ask-gpu';

export interface GpuEvents {
  /** A device is asked for, or has come. */
  onDevice(opened: boolean): void;
  /** Bytes of the upload that comes next. */
  onWrite(bytes: number): void;
  /** A shader is asked for, or has come; `bytes`: of the buffers that are there. */
  onShaders(done: number, total: number, bytes: number): void;
  /** The device is gone, not by `release`; `outOfMemory`: an allocation had failed before. */
  onLost(reason: string, outOfMemory: boolean): void;
}

export class GpuWatch {
  readonly #events: GpuEvents;
  readonly #sizes = new WeakMap<GPUBuffer, number>();
  readonly #ask: GPU['requestAdapter'];
  readonly #request: GPUAdapter['requestDevice'];
  #device: GPUDevice | undefined;
  #released = false;
  #outOfMemory = false;
  #bytes = 0;
  #shaders = { done: 0, total: 0 };

  /** From now on the next device that this worker opens is watched. */
  constructor(events: GpuEvents) {
    const watch = this.#watch.bind(this);
    this.#events = events;
    const ask = GPU.prototype.requestAdapter;
    const request = GPUAdapter.prototype.requestDevice;
    this.#ask = ask;
    this.#request = request;
    // The adapter that was there a moment ago may be gone: what web-llm says then would count as its library's fault.
    GPU.prototype.requestAdapter = async function (this: GPU, options) {
      const adapter = await answered(ask.call(this, options));
      if (!adapter) throw noGpu('adapter');
      return adapter;
    };
    GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
      events.onDevice(false);
      const device = await answeredDevice(request.call(this, raised(descriptor, this.limits)));
      watch(device);
      events.onDevice(true);
      return device;
    };
  }

  /** Bytes of the buffers that are there. */
  get bytes(): number {
    return this.#bytes;
  }

  get outOfMemory(): boolean {
    return this.#outOfMemory;
  }

  /** From now on the device's end is expected. */
  ignoreLoss(): void {
    this.#released = true;
  }

  /** Frees the device with all that it holds, and any that is opened yet. */
  release(): void {
    this.#released = true;
    this.#device?.destroy();
    this.#bytes = 0;
  }

  /** Adapters and devices that are asked for from now on are not this watch's. */
  stopOpening(): void {
    GPU.prototype.requestAdapter = this.#ask;
    GPUAdapter.prototype.requestDevice = this.#request;
  }

  #watch(device: GPUDevice): void {
    this.#device = device;
    if (this.#released) return device.destroy();
    void device.lost.then(({ message }) => {
      if (!this.#released) this.#events.onLost(message, this.#outOfMemory);
    });
    this.#watchMemory(device);
    this.#watchShaders(device);
    const { queue } = device;
    const write = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (buffer, offset, data, from, size) => {
      this.#events.onWrite(size ?? data.byteLength);
      write(buffer, offset, data, from, size);
      return undefined;
    };
  }

  #watchMemory(device: GPUDevice): void {
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      this.#sizes.set(buffer, descriptor.size);
      this.#bytes += descriptor.size;
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        this.#bytes -= this.#sizes.get(buffer) ?? 0;
        this.#sizes.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    // web-llm has scopes around each allocation, and destroys the device when one tells of an error.
    const pop = device.popErrorScope.bind(device);
    device.popErrorScope = async () => {
      const error = await pop();
      if (error instanceof GPUOutOfMemoryError) this.#outOfMemory = true;
      return error;
    };
  }

  #watchShaders(device: GPUDevice): void {
    const create = device.createComputePipelineAsync.bind(device);
    const tell = () => this.#events.onShaders(this.#shaders.done, this.#shaders.total, this.#bytes);
    device.createComputePipelineAsync = async (descriptor) => {
      this.#shaders.total++;
      tell();
      const pipeline = await create(descriptor);
      this.#shaders.done++;
      tell();
      return pipeline;
    };
  }
}

/** web-llm asks for 1 GiB or, where that is too much, for the least: here for what there is. */
function raised(
  descriptor: GPUDeviceDescriptor | undefined,
  { maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits,
): GPUDeviceDescriptor {
  const requiredLimits = {
    ...descriptor?.requiredLimits,
    maxBufferSize,
    maxStorageBufferBindingSize,
  };
  return { ...descriptor, requiredLimits };
}
