/** The tensor types that the kernels know, by ggml's ids. */
import type { GpuForm } from '../form';
import { FLOATS } from './floats';
import { LARGE } from './large';
import type { Reading } from './reading';
import { SMALL } from './small';

const TYPES = new Map(
  [...FLOATS, ...SMALL, ...LARGE].map((entry) => [entry.form.type, entry] as const),
);

function entry(type: number): { form: GpuForm; reading: Reading } {
  const found = TYPES.get(type);
  if (!found) throw new Error(`No form for tensor type ${type}.`);
  return found;
}

/** @throws Error for a type that `spec/` should have refused */
export function formOf(type: number): GpuForm {
  return entry(type).form;
}

/** @throws Error as formOf */
export function readingOf(type: number): Reading {
  return entry(type).reading;
}
