/** What a device can hold and run, of its limits those that plans and kernels need. */

export interface GpuLimits {
  /** Bytes of one buffer. */
  buffer: number;
  /** Bytes of one binding of storage; never more than a buffer. */
  binding: number;
  /** Bytes of a workgroup's own memory. */
  workgroupStorage: number;
  /** Invocations of one workgroup, all of them in x too. */
  invocations: number;
}

/** Lower ones than the adapter's, for tests. */
export type LowerLimits = Partial<Pick<GpuLimits, 'buffer' | 'binding'>>;

/** Planes lie at offsets of this, which every device takes for a binding's. */
export const OFFSET_ALIGNMENT = 256;

/** The most that the adapter gives, as a device is asked for it. */
export function requiredLimits({ limits }: GPUAdapter): Record<string, number> {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
  };
}

export function limitsOf({ limits }: GPUDevice, lower: LowerLimits = {}): GpuLimits {
  const buffer = Math.min(limits.maxBufferSize, lower.buffer ?? Infinity);
  const binding = Math.min(limits.maxStorageBufferBindingSize, lower.binding ?? Infinity, buffer);
  return {
    buffer,
    binding: Math.floor(binding / 4) * 4,
    workgroupStorage: limits.maxComputeWorkgroupStorageSize,
    invocations: Math.min(
      limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupSizeX,
    ),
  };
}
