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

/** Those of the largest matrices first, for a token and for a prompt in turn; then those of attention. */
export function contestsOf(building: Building, chunk: number): Contest[] {
  const { attention, kernels, plan } = building;
  const { features, products } = kernels;
  const token = { position: Math.min(POSITIONS, plan.context) - 1, tokens: 1 };
  const prompt = { position: 0, tokens: Math.min(chunk, plan.context) };
  const ofToken = largestFirst(products.matvecs, plan.layers.length).map((product): Contest => {
    const variants = matvecVariants(product, features);
    const labels = variants.map((variant) => matvec(product, features, variant).label);
    const key = productKey(product);
    return {
      ways: variants.map((variant) => ({ matvec: { [key]: variant } })),
      dispatches: async (chosen) => labelled(await matvecProgram(product, chosen), labels),
      run: token,
    };
  });
  const ofPrompt = largestFirst(products.matmuls, plan.layers.length).map((product): Contest => {
    const variants = matmulVariants(product, features);
    const labels = variants.map((variant) => matmul(product, features, variant).label);
    const key = productKey(product);
    return {
      ways: variants.map((variant) => ({ matmul: { [key]: variant } })),
      dispatches: async (chosen) => labelled(await chunkProgram(chosen), labels),
      run: prompt,
    };
  });
  const attends = attentionOrder(attendVariants(attention), features);
  const chunks = attentionOrder(chunkVariants(attention), features);
  return [
    ...inTurn(ofToken, ofPrompt),
    {
      ways: attends.map((attend) => ({ attend })),
      dispatches: async (chosen) => (await tokenProgram(chosen)).filter(isAttention),
      run: token,
    },
    {
      ways: chunks.map((attendChunk) => ({ attendChunk })),
      dispatches: async (chosen) => (await chunkProgram(chosen)).filter(isAttention),
      run: prompt,
    },
  ];
}

async function matvecProgram({ epilogue }: Product, building: Building): Promise<Program> {
  if (epilogue !== 'logits') return tokenProgram(building);
  return (await logitsProgram(building)).program;
}

function labelled(program: Program, labels: readonly string[]): Program {
  return program.filter(({ pipeline }) => labels.includes(pipeline.label));
}

function inTurn<T>(one: readonly T[], other: readonly T[]): T[] {
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, at) => [one[at], other[at]])
    .flat()
    .filter((each) => each !== undefined);
}

/**
 * What takes most of a token's time first; one of each kind: those that differ only in where their rows go are timed
 * together.
 */
function largestFirst(products: readonly Product[], layers: number): Product[] {
  const kinds = new Map(products.map((product) => [productKey(product), product]));
  const size = ({ segments, columns, epilogue }: Product) =>
    segments.reduce((sum, { rows }) => sum + rows * columns, 0) *
    (epilogue === 'logits' ? 1 : layers);
  return [...kinds.values()].sort((a, b) => size(b) - size(a));
}

function isAttention({ pipeline }: Program[number]): boolean {
  return pipeline.label.startsWith('attend');
}
