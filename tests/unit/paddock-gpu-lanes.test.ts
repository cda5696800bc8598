import { expect, it } from 'vitest';
import { smallestSubgroup } from '../../workers/runner/engines/paddock/webgpu/lanes';

it.each([
  { adapter: 'SwiftShader', seen: 4, told: 4, size: 4 },
  { adapter: 'NVIDIA', seen: 32, told: 32, size: 32 },
  { adapter: 'Intel', seen: 32, told: 8, size: 8 },
  { adapter: 'AMD, a shader of the wider kind', seen: 64, told: 32, size: 32 },
  {
    adapter: 'an adapter of 32 or 16 lanes whose browser tells too much',
    seen: 16,
    told: 32,
    size: 16,
  },
  // Else it would be taken for a processor, whose kernels are slow on an adapter.
  { adapter: 'an adapter of which the browser tells WebGPU’s default', seen: 32, told: 4, size: 8 },
  { adapter: 'an adapter of which the browser tells nothing', seen: 32, told: undefined, size: 8 },
])('$adapter has subgroups of $size lanes at least', ({ seen, told, size }) => {
  expect(smallestSubgroup(seen, told)).toBe(size);
});
