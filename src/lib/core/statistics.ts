/** The figures that benchmarks print. */

/** The value below which the share `p` (0 to 1) of `values` lies, between neighbours linearly. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)]!;
  const high = sorted[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n - 1). */
export function deviation(values: number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Student's t for a two-sided 95 % interval, by degrees of freedom 1 to 30; 1.96 beyond. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

export interface Ratio {
  /** Geometric mean of the pairs' ratios. */
  ratio: number;
  /** Its 95 % interval, by Student's t over the logarithms. */
  low: number;
  high: number;
}

/** The ratio a/b of measurements taken in pairs, at least two. */
export function pairedRatio(a: number[], b: number[]): Ratio {
  const logs = a.map((value, at) => Math.log(value / b[at]!));
  const middle = mean(logs);
  const half = (T95[logs.length - 2] ?? 1.96) * (deviation(logs) / Math.sqrt(logs.length));
  return { ratio: Math.exp(middle), low: Math.exp(middle - half), high: Math.exp(middle + half) };
}
