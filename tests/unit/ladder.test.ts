/** Which file of a family is taken on which device, and what is said of it. */
import { describe, expect, it } from 'vitest';
import { families, fileLabel, type FamilyFile } from '#core/catalogue/families';
import { verdictText, sumLines } from '#core/fit-words';
import { fitMlc } from '#core/fit-mlc';
import { ladder, rungFor, type Ladder } from '#core/ladder';
import type { AdapterLimits, DeviceLimits } from '#core/paddock-api';
import { LIMITS } from '../fixtures/house';

const GIB = 1024 ** 3;
const M2: AdapterLimits = {
  name: 'Apple M2',
  f16: true,
  software: false,
  slow: false,
  max_buffer: 4 * GIB,
  max_binding: 4 * GIB,
  workgroup_storage: 32 * 1024,
  storage_buffers: 10,
};
const DEVICE = { ...LIMITS, device_memory: 8 * GIB };
const gpu = (adapter: Partial<AdapterLimits> = {}, device: Partial<DeviceLimits> = {}) => ({
  ...DEVICE,
  adapter: { ...M2, ...adapter },
  ...device,
});
const SWIFTSHADER = { name: 'SwiftShader', software: true, slow: true };
const PHONE = gpu({ name: 'Adreno 660' }, { device_memory: 2 * GIB });

const family = (title: string) => families().find((one) => one.title === title)!;
const on = (title: string, device: DeviceLimits) => ladder(family(title), device);

/** `MLC q4f16_1 webllm webgpu`, or `none`. */
function chosen({ chosen }: Ladder): string {
  return chosen ? `${fileLabel(chosen.file)} ${chosen.engine} ${chosen.backend}` : 'none';
}

const MLC_16 = 'MLC q4f16_1 webllm webgpu';
const MLC_32 = 'MLC q4f32_1 webllm webgpu';
const OURS = 'GGUF Q4_K_M paddock wasm';
const OURS_GPU = 'GGUF Q4_K_M paddock webgpu';

describe.each([
  [
    'a graphics adapter with 16-bit floats',
    gpu(),
    {
      'Llama 3.2 1B': [MLC_16, 'Runs on your graphics adapter (Apple M2) with WebLLM.'],
      'SmolLM2 135M': [
        'MLC q0f16 webllm webgpu',
        'Runs on your graphics adapter (Apple M2) with WebLLM.',
      ],
      'DeepSeek R1 Distill Qwen 1.5B': [
        OURS_GPU,
        'Runs on your graphics adapter (Apple M2) with Paddock’s own engine.',
      ],
      'Gemma 3 4B': [
        'GGUF Q4_K_M wllama webgpu',
        'Runs on your graphics adapter (Apple M2) with llama.cpp (wllama).',
      ],
      'all-MiniLM L6 v2': [
        'GGUF Q8_0 wllama webgpu',
        'Runs on your graphics adapter (Apple M2) with llama.cpp (wllama).',
      ],
      // Of an architecture that our own engine knows.
      'Qwen 3 Embedding 0.6B': [
        'GGUF Q8_0 wllama webgpu',
        'Runs on your graphics adapter (Apple M2) with llama.cpp (wllama).',
      ],
      'Snowflake Arctic Embed S': [
        'MLC q0f32 webllm webgpu',
        'Runs on your graphics adapter (Apple M2) with WebLLM.',
      ],
    },
  ],
  [
    'no adapter',
    DEVICE,
    {
      'Llama 3.2 1B': [
        OURS,
        'No graphics adapter was found, so Paddock’s CPU engine runs the GGUF file.',
      ],
      'Gemma 3 1B': [
        'GGUF Q4_K_M wllama wasm',
        'No graphics adapter was found, so llama.cpp (wllama) runs the GGUF file on the CPU.',
      ],
      'DeepSeek R1 Distill Qwen 1.5B': [
        OURS,
        'No graphics adapter was found, so Paddock’s CPU engine runs the GGUF file.',
      ],
      'Phi 4 Mini': ['none', 'No graphics adapter was found, and it has no file for the CPU.'],
    },
  ],
  [
    'an adapter without 16-bit floats',
    gpu({ name: 'GTX 1660 Ti', f16: false }),
    {
      'Llama 3.2 1B': [
        MLC_32,
        'Your graphics adapter (GTX 1660 Ti) lacks 16-bit floats (shader-f16), so WebLLM runs the q4f32_1 file.',
      ],
      'Gemma 3 1B': [
        'GGUF Q4_K_M wllama wasm',
        'Your graphics adapter (GTX 1660 Ti) lacks 16-bit floats (shader-f16), so llama.cpp (wllama) runs the GGUF file on the CPU.',
      ],
      'DeepSeek R1 Distill Qwen 1.5B': [
        OURS_GPU,
        'Runs on your graphics adapter (GTX 1660 Ti) with Paddock’s own engine.',
      ],
      'Llama 3.1 70B': [
        'none',
        'Your graphics adapter (GTX 1660 Ti) lacks 16-bit floats (shader-f16), and it has no file for the CPU.',
      ],
    },
  ],
  [
    'a software adapter',
    gpu(SWIFTSHADER),
    {
      'Llama 3.2 1B': [
        OURS,
        'The graphics adapter (SwiftShader) is software, and not faster than the CPU, so Paddock’s CPU engine runs the GGUF file.',
      ],
      'Phi 4 Mini': [
        'none',
        'The graphics adapter (SwiftShader) is software, and not faster than the CPU, and it has no file for the CPU.',
      ],
    },
  ],
  [
    'a software adapter without 16-bit floats',
    gpu({ ...SWIFTSHADER, f16: false }),
    {
      'Llama 3.2 1B': [
        OURS,
        'The graphics adapter (SwiftShader) is software, and not faster than the CPU, so Paddock’s CPU engine runs the GGUF file.',
      ],
    },
  ],
  [
    'a software adapter that was found faster than the CPU',
    gpu({ ...SWIFTSHADER, slow: false }),
    {
      'Llama 3.2 1B': [MLC_16, 'Runs on your graphics adapter (SwiftShader) with WebLLM.'],
      'DeepSeek R1 Distill Qwen 1.5B': [
        OURS,
        'The graphics adapter (SwiftShader) is software, which runs no GGUF file unasked, so Paddock’s CPU engine runs the GGUF file.',
      ],
    },
  ],
  [
    'a phone of 2 GB',
    PHONE,
    {
      'Llama 3.2 1B': [MLC_16, 'Runs on your graphics adapter (Adreno 660) with WebLLM.'],
      'SmolLM2 1.7B': [
        OURS_GPU,
        'The MLC q4f16_1 file would take more than half of this device’s memory, so Paddock’s own engine runs the GGUF file on the graphics adapter.',
      ],
      // Nothing fits surely: the one that may.
      'Gemma 2 2B': [MLC_16, 'Runs on your graphics adapter (Adreno 660) with WebLLM.'],
      'Llama 3.1 8B': [
        'none',
        'The MLC q4f16_1 file needs 2.7 GB of memory more than there is, and it has no file for the CPU.',
      ],
      'Qwen 3 4B': ['none', expect.stringMatching(/^The GGUF file needs \d+ MB of memory more/)],
    },
  ],
  [
    'little free storage',
    gpu({}, { free_storage: 750e6 }),
    {
      'Llama 3.2 1B': [MLC_16, 'Runs on your graphics adapter (Apple M2) with WebLLM.'],
      'SmolLM2 1.7B': ['none', 'The GGUF file needs 310 MB of storage more than there is.'],
      'SmolLM2 360M': [MLC_16, 'Runs on your graphics adapter (Apple M2) with WebLLM.'],
    },
  ],
  [
    'storage for the GGUF file alone',
    gpu({}, { free_storage: 120e6 }),
    {
      'SmolLM2 135M': [
        'GGUF Q4_1 paddock webgpu',
        'The MLC q0f16 file needs 150 MB of storage more than there is, so Paddock’s own engine runs the GGUF file on the graphics adapter.',
      ],
    },
  ],
  [
    'an adapter with small workgroups',
    gpu({ name: 'Old GPU', workgroup_storage: 16 * 1024 }),
    {
      'Llama 3.2 1B': [
        OURS_GPU,
        'Your graphics adapter (Old GPU) has a maxComputeWorkgroupStorageSize of 16 kB, and 33 kB are needed, so Paddock’s own engine runs the GGUF file on the graphics adapter.',
      ],
    },
  ],
])('%s', (_, device, expected: Record<string, unknown[]>) => {
  it.each(Object.entries(expected))('%s', (title, wanted) => {
    const found = on(title, device);
    expect([chosen(found), found.sentence]).toEqual(wanted);
  });
});

describe('the rungs', () => {
  it('are in the order of preference: MLC, GGUF on WebGPU, on the CPU, each by ours and by llama.cpp', () => {
    const { rungs } = on('Llama 3.2 1B', gpu());
    expect(
      rungs.map(({ file, engine, backend }) => `${fileLabel(file)} ${engine} ${backend}`),
    ).toEqual([
      MLC_16,
      MLC_32,
      'MLC q0f16 webllm webgpu',
      'MLC q0f32 webllm webgpu',
      OURS_GPU,
      'GGUF Q4_K_M wllama webgpu',
      OURS,
      'GGUF Q4_K_M wllama wasm',
    ]);
    expect(rungs.filter(({ verdict }) => verdict === 'chosen')).toHaveLength(1);
    expect(rungs.at(-1)).toMatchObject({
      verdict: 'possible',
      reason: 'Can run on the CPU with llama.cpp (wllama).',
    });
  });

  it('each says why not: an engine that cannot is told from one that is not preferred', () => {
    const { rungs } = on('Llama 3.2 1B', gpu(SWIFTSHADER));
    const first = rungs[0]!;
    expect(first.verdict).toBe('possible');
    expect(first.reason).toBe(
      'The graphics adapter (SwiftShader) is software, and not faster than the CPU.',
    );
    const none = on('Llama 3.2 1B', DEVICE).rungs[0]!;
    expect(none).toMatchObject({ verdict: 'no', reason: 'No graphics adapter was found.' });
  });

  it('a file is shown by the best of its rungs', () => {
    const found = on('Llama 3.2 1B', gpu({ f16: false }));
    const of = (label: string) => {
      const file = family('Llama 3.2 1B').files.find((one) => fileLabel(one) === label)!;
      const { engine, verdict } = rungFor(found, file);
      return `${engine} ${verdict}`;
    };
    expect(of('MLC q4f16_1')).toBe('webllm no');
    expect(of('MLC q4f32_1')).toBe('webllm chosen');
    expect(of('GGUF Q4_K_M')).toBe('paddock possible');
  });

  it('a file that is here needs no storage', () => {
    const full = gpu({}, { free_storage: 0 });
    expect(chosen(on('Llama 3.2 1B', full))).toBe('none');
    const stored = (file: FamilyFile) => fileLabel(file) === 'MLC q4f32_1';
    expect(chosen(ladder(family('Llama 3.2 1B'), full, { stored }))).toBe(MLC_32);
  });

  it('a capability that is asked for is had by the file that is taken', () => {
    const found = ladder(family('Llama 3.2 1B'), gpu(), { capability: 'tools' });
    expect(chosen(found)).toBe(OURS_GPU);
    expect(found.sentence).toBe(
      'The MLC q4f16_1 file has not what is asked for: tools, so Paddock’s own engine runs the GGUF file on the graphics adapter.',
    );
    expect(found.rungs[0]!.verdict).toBe('possible');
  });

  it('a GGUF file’s matrices are cut to the adapter’s limits, and one layer’s keys have to fit them', () => {
    // Llama 3.2 3B: 8 heads of 128 in 2 bytes, 512 tokens.
    const keys = 8 * 128 * 2 * 512;
    const rung = (adapter: Partial<AdapterLimits>) =>
      on('Llama 3.2 3B', gpu(adapter)).rungs.find(({ engine }) => engine === 'paddock')!;
    expect(rung({ max_binding: keys })).toMatchObject({ backend: 'webgpu', verdict: 'chosen' });
    expect(rung({ max_binding: keys }).fit!.sum.context).toBe(512);
    expect(rung({ max_buffer: keys - 1 })).toMatchObject({
      verdict: 'no',
      reason:
        'Your graphics adapter (Apple M2) has a maxStorageBufferBindingSize of 1 MB, and 1 MB are needed.',
    });
  });

  it('a large binding is asked for by the models whose layers need one', () => {
    const small = gpu({ max_binding: 512 * 1024 * 1024 });
    expect(chosen(on('Gemma 4 E2B', small))).toBe('none');
    expect(chosen(on('Gemma 4 E2B', gpu()))).toBe(MLC_16);
    expect(chosen(on('Llama 3.2 1B', small))).toBe(MLC_16);
  });
});

describe('graphics memory, which no browser tells', () => {
  const of = (title: string, label: string) => {
    const file = family(title).files.find((one) => fileLabel(one) === label)!;
    if (file.format !== 'mlc') throw new Error('not an MLC file');
    return { size: file.size, context: file.context, variants: file.model.variants };
  };
  const llama = of('Llama 3.2 1B', 'MLC q4f16_1');
  const gemma = of('Gemma 2 2B', 'MLC q4f16_1');
  const large = of('Qwen 3 8B', 'MLC q4f16_1');
  const memory = (bytes: number | null, memory32 = 4 * GIB) => ({
    ...DEVICE,
    device_memory: bytes,
    memory32,
  });

  it('fits within half of the device’s memory', () => {
    const [variant] = llama.variants;
    const found = fitMlc(llama, memory(8 * GIB));
    expect(found).toMatchObject({ verdict: 'fits', memory: 4 * GIB, graphics: 'webllm' });
    expect(found.sum).toMatchObject({ context: 4096, total: variant!.memory, weights: llama.size });
    expect(found.sum.weights + found.sum.compute).toBe(found.sum.total);
    expect(fitMlc(llama, memory(2 * variant!.memory)).verdict).toBe('fits');
    expect(fitMlc(llama, memory(2 * variant!.memory - 1)).verdict).toBe('unknown');
    expect(fitMlc(llama, memory(variant!.memory - 1000))).toMatchObject({
      verdict: 'no',
      missing: { memory: 1000 },
    });
  });

  it('a variant of a smaller context fits where the larger does not', () => {
    const found = fitMlc(gemma, memory(3.5e9));
    expect(found).toMatchObject({ verdict: 'smaller', sum: { context: 1024 } });
    expect(verdictText(found)).toBe('Fits with a smaller context: 1,024 tokens.');
  });

  it('is not known where the browser tells nothing, unless it is marked for small devices', () => {
    expect(fitMlc(llama, memory(null)).verdict).toBe('fits');
    expect(fitMlc(llama, memory(null, GIB)).verdict).toBe('unknown');
    const found = fitMlc(large, memory(null));
    expect(found).toMatchObject({ verdict: 'unknown', memory: 0 });
    expect(verdictText(found)).toBe(
      'Not known: it needs 6 GB of graphics memory, and browsers do not tell how much there is.',
    );
    expect(fitMlc(large, memory(8 * GIB)).verdict).toBe('unknown');
  });

  it('the sum names what is estimated and what is counted', () => {
    const words = (device: DeviceLimits, of = llama) =>
      Object.fromEntries(
        sumLines(fitMlc(of, device), of.size, false).map(({ what, bytes }) => [what, bytes]),
      );
    expect(words(memory(8 * GIB))).toEqual({
      'Weights, estimated from its parameters': '698 MB',
      'Cache and room to compute': '224 MB',
      'Memory needed, as WebLLM lists it': '922 MB',
      'Memory counted: half of this device’s': '4.3 GB',
      'Storage needed': '698 MB',
      'Storage free': '10 GB',
    });
    expect(words(memory(null), large)).toMatchObject({
      'Memory available': 'the browser does not say',
    });
  });
});
