/** What programs are made of. */
import type { AttentionShape } from '../kernels/webgpu/attention/shape';
import type { Kernel } from '../kernels/webgpu/kernel';
import type { KernelSet } from './kernel-set';
import type { Piece } from './pieces';
import type { GpuPlan } from './plan';
import type { Compiled } from './pipelines';
import { dispatch, type Dispatch, type Named } from './programs';
import type { GpuWeights } from './weights';

export interface Building {
  device: GPUDevice;
  plan: GpuPlan;
  weights: GpuWeights;
  kernels: KernelSet;
  attention: AttentionShape;
  /** All that is not of one layer. */
  buffers: Named;
}

/** One kernel that has no variants. */
export async function single<K extends Kernel>(
  { device, kernels, buffers }: Building,
  write: () => K,
  workgroups: Dispatch['workgroups'],
  more: { named?: Named; work?: Dispatch['work'] } = {},
): Promise<Dispatch> {
  const compiled = await kernels.pipelines.compile(write);
  return dispatch(device, compiled, { ...buffers, ...more.named }, workgroups, more.work);
}

/** A product for one token. */
export function matvecs(
  building: Building,
  pieces: readonly Piece[],
  named: Named,
): Promise<Dispatch[]> {
  return products(building, pieces, named, async (product) => {
    const compiled = await building.kernels.matvec(product);
    return { compiled, workgroups: compiled.kernel.workgroups };
  });
}

/** A product for the tokens of a prompt; what it reads is normed already. */
export function matmuls(
  building: Building,
  pieces: readonly Piece[],
  named: Named,
): Promise<Dispatch[]> {
  return products(building, pieces, named, async (product) => {
    const compiled = await building.kernels.matmul(product);
    return { compiled, workgroups: ({ tokens }) => compiled.kernel.workgroups(tokens) };
  });
}

function products(
  { device, buffers }: Building,
  pieces: readonly Piece[],
  named: Named,
  compile: (
    product: Piece['product'],
  ) => Promise<{ compiled: Compiled; workgroups: Dispatch['workgroups'] }>,
): Promise<Dispatch[]> {
  return Promise.all(
    pieces.map(async ({ product, planes }) => {
      const { compiled, workgroups } = await compile(product);
      const all = { ...buffers, ...planes, ...named };
      return dispatch(device, compiled, all, workgroups, work(product));
    }),
  );
}

function work({ segments, columns }: Piece['product']): Dispatch['work'] {
  const multiplications = segments.reduce((sum, { rows }) => sum + rows * columns, 0);
  return () => multiplications;
}

/** A query's products with the keys and with the values of the positions up to its own. */
export function attentionWork({ heads, headSize }: AttentionShape): Dispatch['work'] {
  return (position) => 2 * heads * headSize * (position + 1);
}
