/** One token's product with a large matrix, beside plain copies of memory, in turns on one device. */
import { Q4_0, Q4_K } from '../../../workers/runner/engines/paddock/kernels/layout';
import { formOf } from '../../../workers/runner/engines/paddock/kernels/webgpu/forms';
import {
  matvec,
  matvecVariants,
  type MatvecVariant,
  type Product,
} from '../../../workers/runner/engines/paddock/kernels/webgpu/products';
import { openDevice, type GpuDevice } from '../../../workers/runner/engines/paddock/webgpu/device';
import { Pipelines } from '../../../workers/runner/engines/paddock/webgpu/pipelines';
import {
  dispatch,
  encode,
  type Named,
} from '../../../workers/runner/engines/paddock/webgpu/programs';

/** `ffn_down` of an 8B Llama. */
const ROWS = 4096;
const COLUMNS = 14_336;
const TYPES = { Q4_K, Q4_0 };
/** Bytes of all copies of a matrix, which are read in turn: more than graphics caches hold. */
const FAR = 256 * 1024 * 1024;
/** Milliseconds of a sample: long beside what lies between submit and done. */
const SAMPLE = 80;

/** GB/s by what was done, one a round; a copy counts twice, as each byte is read and written. */
export type Rates = Record<keyof typeof TYPES | 'copy', number[]>;

export interface Products {
  rates: Rates;
  /** The quickest way of each, which is what is timed. */
  variants: Record<keyof typeof TYPES, MatvecVariant>;
}

interface Work {
  /** Of one time. */
  bytes: number;
  /** Does it so many times, and gives the milliseconds. */
  run(times: number): Promise<number>;
}

/** @param far several copies of each matrix; a software adapter's caches are not worth it */
export async function measureMatvec(rounds: number, far: boolean): Promise<Products> {
  const gpu = await openDevice({ signal: new AbortController().signal });
  try {
    const large = await matvecWork(gpu, TYPES.Q4_K, far);
    const small = await matvecWork(gpu, TYPES.Q4_0, far);
    const copy = await copyWork(gpu, far ? FAR : FAR / 4);
    const works: Record<keyof Rates, Work> = { copy, Q4_K: large.work, Q4_0: small.work };
    const names = Object.keys(works) as (keyof Rates)[];
    const rates: Rates = { copy: [], Q4_K: [], Q4_0: [] };
    const times: Partial<Record<keyof Rates, number>> = {};
    for (const name of names) times[name] = await enough(works[name]);
    for (let round = 0; round < rounds; round++) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        rates[name].push(await rateOf(works[name], times[name]!));
      }
    }
    gpu.check();
    return { rates, variants: { Q4_K: large.variant, Q4_0: small.variant } };
  } finally {
    gpu.close();
  }
}

/** How many times fill a sample. */
async function enough({ run }: Work): Promise<number> {
  let times = 1;
  await run(times); // the first has more to do
  while ((await run(times)) < SAMPLE) times *= 2;
  return times;
}

/** GB/s */
async function rateOf({ bytes, run }: Work, times: number): Promise<number> {
  return (bytes * times) / (await run(times)) / 1e6;
}

async function copyWork(gpu: GpuDevice, size: number): Promise<Work> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const source = await gpu.allocate(size, usage, 'source');
  const target = await gpu.allocate(size, usage, 'target');
  return {
    bytes: 2 * size,
    run: (times) =>
      timed(gpu, (encoder) => {
        for (let n = 0; n < times; n++) encoder.copyBufferToBuffer(source, 0, target, 0, size);
      }),
  };
}

interface Matvec {
  work: Work;
  variant: MatvecVariant;
}

/** The quickest way to compute it here, by one sample each. */
async function matvecWork(gpu: GpuDevice, type: number, far: boolean): Promise<Matvec> {
  const { block, codeBytes, scaleBytes } = formOf(type);
  const blocks = (ROWS * COLUMNS) / block;
  const bytes = blocks * (codeBytes + scaleBytes);
  const x = await filled(gpu, COLUMNS * 4, 'x');
  const out = await filled(gpu, ROWS * 4, 'out');
  const copies: Named[] = [];
  for (let copy = 0; copy < (far ? Math.ceil(FAR / bytes) : 1); copy++) {
    const codes = await filled(gpu, blocks * codeBytes, 'codes');
    const scales = await filled(gpu, blocks * scaleBytes, 'scales');
    copies.push({ codes, scales, x, out });
  }
  const segments = [{ type, rows: ROWS }];
  const product: Product = { columns: COLUMNS, segments, epilogue: 'store' };
  let best: (Matvec & { rate: number }) | undefined;
  for (const variant of matvecVariants(product, gpu.features)) {
    const work = { bytes, run: await runner(gpu, product, variant, copies) };
    const rate = await rateOf(work, await enough(work));
    if (!best || rate > best.rate) best = { work, variant, rate };
  }
  return best!;
}

/** Each product waits for the one before, as in a token: they write the same vector. */
async function runner(
  gpu: GpuDevice,
  product: Product,
  variant: MatvecVariant,
  copies: readonly Named[],
): Promise<Work['run']> {
  const kernel = matvec(product, gpu.features, variant);
  const compiled = await new Pipelines(gpu.device).compile(() => kernel);
  const program = copies.map((named) => dispatch(gpu.device, compiled, named, kernel.workgroups));
  return (times) =>
    timed(gpu, (encoder) => {
      const pass = encoder.beginComputePass();
      for (let n = 0; n < times; n++) {
        const at = n % program.length;
        encode(pass, program, { position: 0, tokens: 1 }, at, at + 1);
      }
      pass.end();
    });
}

/** Of numbers that are small in every type: the time does not depend on them. */
async function filled(gpu: GpuDevice, size: number, label: string): Promise<GPUBufferBinding> {
  const buffer = await gpu.allocate(size, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST, label);
  gpu.device.queue.writeBuffer(buffer, 0, new Uint8Array(size).fill(0x21));
  return { buffer };
}

async function timed(gpu: GpuDevice, encodeAll: (encoder: GPUCommandEncoder) => void) {
  const start = performance.now();
  const encoder = gpu.device.createCommandEncoder();
  encodeAll(encoder);
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.until(gpu.device.queue.onSubmittedWorkDone());
  return performance.now() - start;
}
