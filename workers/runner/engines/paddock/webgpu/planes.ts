/** Stands in for `kernels/webgpu/forms` until that is there. */
import { TENSOR_TYPES } from '#core/gguf/types';
import * as layout from '../kernels/layout';
import type { GpuForm } from '../kernels/webgpu/form';

const SCALES = new Map<number, number>([
  [layout.Q4_0, 2],
  [layout.Q4_1, 4],
  [layout.Q5_0, 2],
  [layout.Q5_1, 4],
  [layout.Q8_0, 2],
  [layout.Q4_K, 4],
  [layout.Q5_K, 4],
  [layout.Q6_K, 2],
]);

export function formOf(type: number): GpuForm {
  const { block: own, bytes: of } = TENSOR_TYPES.get(type)!;
  const block = Math.max(own, 32);
  const bytes = (of * block) / own;
  const scaleBytes = SCALES.get(type) ?? 0;
  const codeBytes = bytes - scaleBytes;
  return {
    ...{ type, block, codeBytes, scaleBytes },
    split(source, codes, scales) {
      for (let at = 0, count = source.length / bytes; at < count; at++) {
        const one = source.subarray(at * bytes, (at + 1) * bytes);
        const first = type === layout.Q6_K ? 0 : scaleBytes;
        codes.set(one.subarray(first, first + codeBytes), at * codeBytes);
        const scale = type === layout.Q6_K ? codeBytes : 0;
        if (scaleBytes > 0) scales.set(one.subarray(scale, scale + scaleBytes), at * scaleBytes);
      }
    },
  };
}
