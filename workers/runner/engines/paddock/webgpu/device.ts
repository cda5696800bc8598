/** A graphics device of one model's own: what it is, what it can do, its memory, and its end. */
import { adapterName } from '#core/adapter-name';
import { whatWentWrong } from '#core/ask-adapter';
import { PaddockError } from '#core/errors';
import { answeredDevice, anyAdapter } from '../../ask-gpu';
import { throwIfAborted } from '../../../abort';
import type { KernelFeatures } from '../kernels/webgpu/kernel';
import { probeLanes } from './lanes';
import { limitsOf, requiredLimits, type GpuLimits, type LowerLimits } from './limits';
import { GpuLoss } from './loss';

/** What kernels use where the device has it. */
export type GpuFeature = 'shader-f16' | 'subgroups' | 'dot8';

export interface DeviceOptions {
  /** Lower ones than the adapter's. */
  limits?: LowerLimits;
  /** Not used, even where the device has them. */
  without?: readonly GpuFeature[];
  signal: AbortSignal;
}

export interface Allocation {
  bytes: number;
  usage: GPUBufferUsageFlags;
  label: string;
}

export interface GpuDevice {
  readonly device: GPUDevice;
  /** The adapter's name for people. */
  readonly adapter: string;
  /** The same text for the same adapter, driver and features: what was measured on it is kept under this. */
  readonly key: string;
  readonly features: KernelFeatures;
  readonly limits: GpuLimits;
  /** `device_lost`, `out_of_memory`, or `engine_failed` with an error that nobody awaited; not after `close`. */
  readonly lost: Promise<PaddockError>;
  /** What `lost` gave, if it did. */
  readonly loss: PaddockError | undefined;
  /** @throws PaddockError `loss` */
  check(): void;
  /** `work`, unless the device is lost before: then it throws what `lost` gives. */
  until<T>(work: Promise<T>): Promise<T>;
  /** @throws PaddockError `out_of_memory`, `device_lost`, `engine_failed` */
  allocate(bytes: number, usage: GPUBufferUsageFlags, label: string): Promise<GPUBuffer>;
  /** All of them, or none. @throws as `allocate` */
  allocateAll(wanted: readonly Allocation[]): Promise<GPUBuffer[]>;
  /** Frees the device with all that it holds. */
  close(): void;
}

/** @throws PaddockError `no_gpu` (detail: missing, silent?, gone?), `device_lost`, `aborted` */
export async function openDevice({
  limits,
  without = [],
  signal,
}: DeviceOptions): Promise<GpuDevice> {
  const adapter = await anyAdapter();
  throwIfAborted(signal);
  const usable = (feature: GpuFeature) => !without.includes(feature);
  const given = (['shader-f16', 'subgroups'] as const).filter(
    (feature) => adapter.features.has(feature) && usable(feature),
  );
  const asked = { requiredFeatures: given, requiredLimits: requiredLimits(adapter) };
  const device = await answeredDevice(adapter.requestDevice(asked).catch(withoutDevice));
  const loss = new GpuLoss(device);
  const close = () => {
    loss.expect();
    device.destroy();
  };
  try {
    const { info } = adapter;
    const subgroup = device.features.has('subgroups')
      ? await loss.until(probeLanes(device, info.subgroupMinSize))
      : 0;
    loss.check();
    throwIfAborted(signal);
    const features: KernelFeatures = {
      f16: device.features.has('shader-f16'),
      subgroup,
      dot8: usable('dot8') && hasDot8(),
    };
    return new OpenDevice(device, loss, close, {
      adapter: adapterName(info),
      key: keyOf(info, features),
      features,
      limits: limitsOf(device, limits),
    });
  } catch (error) {
    close();
    throw error;
  }
}

/** The adapter was there a moment ago. */
function withoutDevice(error: unknown): never {
  const message = `The graphics adapter gives no device: ${whatWentWrong(error)}`;
  throw new PaddockError('no_gpu', message, { missing: 'adapter', gone: true });
}

function hasDot8(): boolean {
  return navigator.gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product');
}

function keyOf(
  { vendor, architecture, device, description }: GPUAdapterInfo,
  { f16, subgroup, dot8 }: KernelFeatures,
): string {
  const features = [f16 && 'f16', subgroup > 0 && `subgroup ${subgroup}`, dot8 && 'dot8'];
  return [vendor, architecture, device, description, ...features.map((name) => name || '-')].join(
    '|',
  );
}

type Facts = Pick<GpuDevice, 'adapter' | 'key' | 'features' | 'limits'>;

class OpenDevice implements GpuDevice {
  readonly adapter: string;
  readonly key: string;
  readonly features: KernelFeatures;
  readonly limits: GpuLimits;
  readonly #loss: GpuLoss;

  constructor(
    readonly device: GPUDevice,
    loss: GpuLoss,
    readonly close: () => void,
    { adapter, key, features, limits }: Facts,
  ) {
    this.#loss = loss;
    this.adapter = adapter;
    this.key = key;
    this.features = features;
    this.limits = limits;
  }

  get lost(): Promise<PaddockError> {
    return this.#loss.lost;
  }

  get loss(): PaddockError | undefined {
    return this.#loss.error;
  }

  check(): void {
    this.#loss.check();
  }

  until<T>(work: Promise<T>): Promise<T> {
    return this.#loss.until(work);
  }

  async allocate(bytes: number, usage: GPUBufferUsageFlags, label: string): Promise<GPUBuffer> {
    const [buffer] = await this.allocateAll([{ bytes, usage, label }]);
    return buffer!;
  }

  async allocateAll(wanted: readonly Allocation[]): Promise<GPUBuffer[]> {
    this.check();
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    const buffers = wanted.map(({ bytes, usage, label }) =>
      this.device.createBuffer({ size: bytes, usage, label }),
    );
    const memory = this.device.popErrorScope();
    const [full, invalid] = await this.until(Promise.all([memory, this.device.popErrorScope()]));
    this.check();
    this.#loss.setMemory(!full);
    if (!full && !invalid) return buffers;
    for (const buffer of buffers) buffer.destroy();
    if (invalid) throw new PaddockError('engine_failed', invalid.message);
    const bytes = wanted.reduce((sum, next) => sum + next.bytes, 0);
    const message = `The graphics adapter has not the ${bytes} bytes of memory that were asked for.`;
    throw new PaddockError('out_of_memory', message, { needed: bytes });
  }
}
