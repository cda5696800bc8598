/** How far the adapter's logits are from the CPU's, and how far rounding alone may bring them. */

/** Logits of one step; what keys and values are rounded to, and products, is known beforehand. */
export interface Rounding {
  cache: 'f32' | 'f16' | 'q8';
  /** Activations are rounded to 8 bits for products of integers. */
  int8: boolean;
}

/**
 * The most of a step's error that is rounding. Measured on random models of every type and on the starter
 * (tests/gpu/paddock-trust.test.ts), with a margin of five and more; a wrong scale of 2 % in one kind of product is
 * above the first two.
 */
export function boundOf({ cache, int8 }: Rounding): number {
  if (int8) return 0.06;
  return { f32: 0.002, f16: 0.003, q8: 0.005 }[cache];
}

/**
 * The root of the mean square of the differences, as a part of the deviation of the CPU's logits; not a number where
 * one of the adapter's is none.
 */
export function errorOf(adapter: ArrayLike<number>, cpu: Float64Array): number {
  const mean = cpu.reduce((sum, value) => sum + value, 0) / cpu.length;
  let differences = 0;
  let deviations = 0;
  cpu.forEach((value, at) => {
    differences += (adapter[at]! - value) ** 2;
    deviations += (value - mean) ** 2;
  });
  // Weights of nothing give logits of nothing, on both sides.
  return Math.sqrt(differences / (deviations || 1));
}
