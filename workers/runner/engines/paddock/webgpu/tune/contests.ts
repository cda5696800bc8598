/** What may be computed in several ways by a model on its device, and the dispatches that tell which is quickest. */
import { attendVariants } from '../../kernels/webgpu/attention/attend';
import { chunkVariants } from '../../kernels/webgpu/attention/attend-chunk';
import {
  matmul,
  matmulVariants,
  matvec,
  matvecVariants,
  type Product,
} from '../../kernels/webgpu/products';
import type { Building } from '../building';
import { chunkProgram } from '../chunk-program';
import { logitsProgram } from '../head-programs';
import type { Program, Run } from '../programs';
import { tokenProgram } from '../token-program';
import { attentionOrder, productKey, type Variants } from '../variants';

export interface Contest {
  /** Each says nothing but this one choice; the first is the default's. */
  ways: readonly Variants[];
  /** Those dispatches of all layers that it decides: other matrices in turn, so that none stays in a cache. */
  dispatches(building: Building): Promise<Program>;
  run: Run;
}

/** Positions of the cache that attention is timed with, where there are as many. */
const POSITIONS = 1024;

/** What a token takes, the largest matrices first; then what a prompt takes. */
export function contestsOf(building: Building, chunk: number): Contest[] {
  const { attention, kernels, plan } = building;
  const { features } = kernels;
  const token = { position: Math.min(POSITIONS, plan.context) - 1, tokens: 1 };
  const prompt = { position: 0, tokens: Math.min(chunk, plan.context) };
  const only = (program: Program, label: string) =>
    program.filter((dispatch) => dispatch.label === label);
  const { matvecs, matmuls } = kernels.products;
  return [
    ...largestFirst(matvecs).map((product): Contest => {
      const variants = matvecVariants(product, features);
      const { label } = matvec(product, features, variants[0]!);
      const key = productKey(product);
      const program = async (with_: Building) =>
        product.epilogue === 'logits' ? (await logitsProgram(with_)).program : tokenProgram(with_);
      return {
        ways: variants.map((variant) => ({ matvec: { [key]: variant } })),
        dispatches: async (with_) => only(await program(with_), label),
        run: token,
      };
    }),
    {
      ways: attentionOrder(attendVariants(attention), features).map((attend) => ({
        attend,
      })),
      dispatches: async (with_) => (await tokenProgram(with_)).filter(isAttention),
      run: token,
    },
    ...largestFirst(matmuls).map((product): Contest => {
      const variants = matmulVariants(product, features);
      const { label } = matmul(product, features, variants[0]!);
      const key = productKey(product);
      return {
        ways: variants.map((variant) => ({ matmul: { [key]: variant } })),
        dispatches: async (with_) => only(await chunkProgram(with_), label),
        run: prompt,
      };
    }),
    {
      ways: attentionOrder(chunkVariants(attention), features).map((attendChunk) => ({
        attendChunk,
      })),
      dispatches: async (with_) => (await chunkProgram(with_)).filter(isAttention),
      run: prompt,
    },
  ];
}

/** One of each kind: those that differ only in where their rows go are timed together. */
function largestFirst(products: readonly Product[]): Product[] {
  const kinds = new Map(products.map((product) => [productKey(product), product]));
  const size = ({ segments, columns }: Product) =>
    segments.reduce((sum, { rows }) => sum + rows * columns, 0);
  return [...kinds.values()].sort((a, b) => size(b) - size(a));
}

function isAttention({ label }: Program[number]): boolean {
  return label.startsWith('attend');
}
