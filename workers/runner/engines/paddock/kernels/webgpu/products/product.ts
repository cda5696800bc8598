/** What a product of quantized matrices and activations is made of, for one token and for several. */
import type { Binding, Kernel } from '../kernel';
import { formOf } from '../forms';

/** Rows of one matrix, or of a part of it, that lie in one pair of planes. */
export interface Segment {
  /** ggml's type id. */
  type: number;
  rows: number;
  /** Column of `out` that the first row goes to; by default 0, or what follows segment 0. */
  firstRow?: number;
}

export interface Product {
  /** A multiple of 32, of 256 for the K types. */
  columns: number;
  /** One or two: `codes` and `scales`, `codes1` and `scales1`. Of `gated` the gate and up, with as many rows. */
  segments: readonly Segment[];
  /**
   * `store`: out = value; `add`: out += value; `gated`: out = silu(gate) · up; `logits`: as `store`, from row
   * `state.row` of x, and the best of each workgroup goes to `best` (bits of the value, column of `out`; the lower
   * one of equals; what is no number never, and of a workgroup without any the column 0xffffffff). Only `matvec`,
   * of one segment.
   */
  epilogue: 'store' | 'add' | 'gated' | 'logits';
  /** Epsilon: RMSNorm of x, weights `norm`, applied to the sums; `matvec` only, for `matmul` x is normed. */
  norm?: number;
  /** Adds `bias`, one value a column of `out`; not with `gated` and `logits`. */
  bias?: boolean;
  /** Columns of `out`; by default those that the segments fill, from 0. */
  outWidth?: number;
  /** Of `logits`: where in `best` the entries begin; parts of one matrix follow each other. */
  firstBest?: number;
}

/** Where each segment's rows go in `out`; both of `gated` go to one place. */
export function firstRows({ segments, epilogue }: Product): number[] {
  const [first] = segments;
  const start = first!.firstRow ?? 0;
  if (epilogue === 'gated') return [start, start];
  return segments.map((segment, n) => segment.firstRow ?? (n === 0 ? start : start + first!.rows));
}

export function outWidth(product: Product): number {
  const starts = firstRows(product);
  const ends = product.segments.map(({ rows }, n) => starts[n]! + rows);
  return product.outWidth ?? Math.max(...ends);
}

/** The suffix of what belongs to a segment: its bindings, its functions. */
export const SUFFIXES = ['', '1'] as const;

const TYPES = {
  ...{ codes: 'array<vec4u>', codes1: 'array<vec4u>', scales: 'array<u32>', scales1: 'array<u32>' },
  ...{ x: 'array<vec4f>', norm: 'array<vec4f>', bias: 'array<f32>', out: 'array<f32>' },
  best: 'array<vec2u>',
};

/** At most 8 of storage: two pairs of planes, x, norm, bias, out. */
export function bindingsOf(product: Product, state: boolean): Binding[] {
  const { segments, epilogue, norm, bias } = product;
  const bindings: Binding[] = segments.flatMap(({ type }, n) => planes(type, SUFFIXES[n]!));
  bindings.push({ name: 'x', access: 'read' });
  if (norm !== undefined) bindings.push({ name: 'norm', access: 'read' });
  if (bias) bindings.push({ name: 'bias', access: 'read' });
  bindings.push({ name: 'out', access: 'write' });
  if (epilogue === 'logits') bindings.push({ name: 'best', access: 'write' });
  if (state) bindings.push({ name: 'state', access: 'uniform' });
  return bindings;
}

export function planes(type: number, suffix: string): Binding[] {
  const codes: Binding = { name: `codes${suffix}`, access: 'read' };
  const scales: Binding = { name: `scales${suffix}`, access: 'read' };
  return formOf(type).scaleBytes > 0 ? [codes, scales] : [codes];
}

export const BINDING_TYPES: Record<string, string> = TYPES;

/** Writes a value of `out`: `put(token, column of out, value)`, of `gated` `put(token, column, gate, up)`. */
export function putFunction(product: Product): string {
  const at = `out[token * ${outWidth(product)}u + row]`;
  if (product.epilogue === 'gated') {
    return `fn put(token: u32, row: u32, gate: f32, up: f32) {
  ${at} = gate / (1.0 + exp(-gate)) * up;
}`;
  }
  const value = product.bias ? 'value + bias[row]' : 'value';
  return `fn put(token: u32, row: u32, value: f32) {
  ${at} ${product.epilogue === 'add' ? '+=' : '='} ${value};
}`;
}

export function labelOf(name: string, { columns, segments, epilogue }: Product): string {
  const sizes = segments.map(({ type, rows }) => `${rows}x${columns} of type ${type}`);
  return `${name} ${epilogue} ${sizes.join(' and ')}`;
}

/** Workgroups in x and y. */
export type Grid = [x: number, y: number];

export type MatvecKernel = Kernel & {
  workgroups: Grid;
  /** Entries that it writes to `best`. */
  best?: number;
};

export type MatmulKernel = Kernel & { workgroups(tokens: number): Grid };
