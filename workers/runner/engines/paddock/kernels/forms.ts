/** Which form of the activations a matrix of each type reads. */
import * as layout from './layout';

/** FORM_COARSE for weights of at most 6 bits, FORM_FINE for 8, FORM_F32 for floats. */
export function formOf(type: number): number {
  if (type === layout.F32 || type === layout.F16 || type === layout.BF16) return layout.FORM_F32;
  return type === layout.Q8_0 ? layout.FORM_FINE : layout.FORM_COARSE;
}
