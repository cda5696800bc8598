/** How a type's blocks lie on the adapter: bytes of the planes that `GpuForm.split` cuts them in. */
import * as layout from '../kernels/layout';
import type { GpuForm } from '../kernels/webgpu/form';

export type PlaneSizes = Pick<GpuForm, 'block' | 'codeBytes' | 'scaleBytes'>;

const SIZES = new Map<number, PlaneSizes>([
  [layout.F32, { block: 32, codeBytes: 128, scaleBytes: 0 }],
  [layout.F16, { block: 32, codeBytes: 64, scaleBytes: 0 }],
  [layout.BF16, { block: 32, codeBytes: 64, scaleBytes: 0 }],
  [layout.Q4_0, { block: 32, codeBytes: 16, scaleBytes: 2 }],
  [layout.Q4_1, { block: 32, codeBytes: 16, scaleBytes: 4 }],
  [layout.Q5_0, { block: 32, codeBytes: 20, scaleBytes: 2 }],
  [layout.Q5_1, { block: 32, codeBytes: 20, scaleBytes: 4 }],
  [layout.Q8_0, { block: 32, codeBytes: 32, scaleBytes: 2 }],
  [layout.Q4_K, { block: 256, codeBytes: 140, scaleBytes: 4 }],
  [layout.Q5_K, { block: 256, codeBytes: 172, scaleBytes: 4 }],
  [layout.Q6_K, { block: 256, codeBytes: 208, scaleBytes: 2 }],
]);

export function planeSizes(type: number): PlaneSizes {
  const sizes = SIZES.get(type);
  if (!sizes) throw new RangeError(`no tensor type ${type}`);
  return sizes;
}
