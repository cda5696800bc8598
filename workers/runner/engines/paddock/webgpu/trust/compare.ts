/** How far the adapter's logits are from the CPU's, and how far rounding alone may bring them. */

/** What is rounded by intent. */
export interface Rounding {
  cache: 'f32' | 'f16' | 'q8';
  /** Activations are rounded to 8 bits for products of integers. */
  int8: boolean;
  /** A prompt's weights and activations are rounded to f16, and their products' sums over 32 columns. */
  f16: boolean;
}

export interface StepError {
  /** Of the text's tokens up to here. */
  tokens: number;
  error: number;
}

/**
 * The most of a step's error that is rounding. Measured on random models and the starter: 6e-4 with f16, which devices
 * may round to either side; 3e-7 with 8 bits, which the CPU rounds alike, but for what falls between two steps; 0.021
 * with integers; with products in f16 0.0014, and 0.007 with a cache of 8 bits, where more falls so. One product of each
 * layer that is 2 % too large makes 0.004 to 0.006.
 */
export function boundOf({ cache, int8, f16 }: Rounding): number {
  if (int8) return 0.06;
  if (f16) return { f32: 0.004, f16: 0.004, q8: 0.02 }[cache];
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
