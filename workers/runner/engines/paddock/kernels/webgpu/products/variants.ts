/** Ways to compute a product, for the probe to choose from. */
import { readingOf } from '../forms';
import { SOFTWARE_SUBGROUP, type KernelFeatures } from '../kernel';
import type { Product } from './product';

export interface MatvecVariant {
  /** Invocations; a multiple of `lanes`. */
  workgroup: number;
  /** Lanes that share rows, a power of two. */
  lanes: number;
  /** Rows that a team of lanes computes at once; of `gated` of each matrix. */
  rows: number;
  /** Columns that a lane reads at a time: a unit, or a quarter of one, so that neighbours read neighbouring words. */
  columns: 32 | 8;
  /** With `columns` 32: activations as integers of 8 bits, a step a unit, for `dot4I8Packed`. */
  int8: boolean;
}

/** What a lane computes, and how lanes make a workgroup. */
export interface MatmulVariant {
  /**
   * By registers alone, or with tiles in workgroup memory, for which `workgroup` is a multiple of 8; `f16 tiles` where
   * the device has `shader-f16`, for codes (see `tile-numbers.ts`).
   */
  kind: 'tiles' | 'registers' | 'f16 tiles';
  workgroup: number;
  rows: number;
  tokens: number;
}

/** Workgroup memory that every device of WebGPU has. */
const MEMORY_BYTES = 16_384;

export function defaultMatvec(product: Product, { subgroup }: KernelFeatures): MatvecVariant {
  const rows = product.epilogue === 'gated' ? 2 : 4;
  if (subgroup === SOFTWARE_SUBGROUP) {
    const lanes = product.columns < 1024 ? 1 : 4;
    return variant(product, { workgroup: 32, lanes, rows: rows * 2, columns: 32 });
  }
  // Few workgroups leave few entries in `best`; without shuffles each lane adds up what all have.
  const workgroup = product.epilogue === 'logits' ? 256 : 64;
  return variant(product, { workgroup, lanes: subgroup === 0 ? 16 : 32, rows, columns: 8 });
}

/** At most 6, the default first, each of which every device of WebGPU can run. */
export function matvecVariants(product: Product, features: KernelFeatures): MatvecVariant[] {
  const first = defaultMatvec(product, features);
  const { lanes, rows } = first;
  const software = features.subgroup === SOFTWARE_SUBGROUP;
  const all: MatvecVariant[] = software
    ? [
        { ...first, lanes: 2 },
        { ...first, rows: rows / 2, lanes: 4 },
        { ...first, columns: 8, lanes: 4 },
      ]
    : [
        { ...first, columns: 32, lanes: 16 },
        { ...first, rows: rows * 2 },
        { ...first, rows: rows / 2, workgroup: 256 },
        { ...first, rows: rows / 2, lanes: 64 },
      ];
  // More rows for what the workgroup does first.
  const many = software ? rows : rows * 2;
  const bytes = { workgroup: 64, lanes: Math.min(16, lanes), rows: many, columns: 32 } as const;
  if (features.dot8 && takesBytes(product, bytes)) all.push({ ...bytes, int8: true });
  const texts = [first, ...all].map((one) => JSON.stringify(variant(product, one)));
  return [...new Set(texts)].map((text) => JSON.parse(text) as MatvecVariant);
}

/** With no lane that is left without a share: lanes are a power of two. */
function variant(
  { columns: all }: Product,
  {
    workgroup,
    lanes,
    rows,
    columns,
    int8 = false,
  }: Omit<MatvecVariant, 'int8'> & { int8?: boolean },
): MatvecVariant {
  const most = 2 ** Math.floor(Math.log2(all / columns));
  return { workgroup, lanes: Math.min(lanes, most), rows, columns, int8 };
}

/** Integers of 8 bits are for codes, and have to fit beside the teams' sums. */
function takesBytes(
  { columns, segments, norm }: Product,
  { workgroup, rows }: Pick<MatvecVariant, 'workgroup' | 'rows'>,
): boolean {
  const sums = (rows * segments.length + (norm === undefined ? 0 : 2)) * workgroup * 4;
  const activations = (columns / 32) * 40;
  return ofCodes(segments) && activations + sums <= MEMORY_BYTES;
}

function ofCodes(segments: Product['segments']): boolean {
  return segments.every(({ type }) => readingOf(type).kind === 'integers');
}

export function defaultMatmul({ epilogue }: Product, { subgroup }: KernelFeatures): MatmulVariant {
  const rows = epilogue === 'gated' ? 2 : 4;
  return subgroup === SOFTWARE_SUBGROUP
    ? { kind: 'registers', workgroup: 32, rows, tokens: 8 }
    : { kind: 'tiles', workgroup: 64, rows: 4, tokens: 4 };
}

/** At most 7, the default first. */
export function matmulVariants(product: Product, features: KernelFeatures): MatmulVariant[] {
  const first = defaultMatmul(product, features);
  const gated = product.epilogue === 'gated';
  const registers: MatmulVariant[] = [
    { kind: 'registers', workgroup: 32, rows: gated ? 2 : 4, tokens: 8 },
    { kind: 'registers', workgroup: 64, rows: gated ? 1 : 2, tokens: 8 },
  ];
  const tiles: MatmulVariant[] = [
    { kind: 'tiles', workgroup: 64, rows: 4, tokens: 4 },
    { kind: 'tiles', workgroup: 128, rows: gated ? 2 : 4, tokens: 4 },
    { kind: 'tiles', workgroup: 64, rows: gated ? 2 : 4, tokens: 8 },
    ...(gated ? [] : [{ kind: 'tiles', workgroup: 64, rows: 8, tokens: 4 } as const]),
  ];
  if (features.f16 && ofCodes(product.segments)) {
    tiles.push({ kind: 'f16 tiles', workgroup: 64, rows: gated ? 2 : 4, tokens: 4 });
  }
  const others = [...registers, ...tiles].filter((one) => !same(one, first));
  return [first, ...others];
}

function same(a: MatmulVariant, b: MatmulVariant): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
