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

/** Student's t as above for any degrees of freedom, 1 or more: between two of the table the larger t. */
function t95(freedom: number): number {
  return T95[Math.max(1, Math.floor(freedom)) - 1] ?? 1.96;
}

export interface Ratio {
  /** Of pairs the geometric mean of their ratios, else the ratio of geometric means. */
  ratio: number;
  /** Its 95 % interval, by Student's t over the logarithms. */
  low: number;
  high: number;
}

/** The ratio a/b of measurements taken in pairs, at least two. */
export function pairedRatio(a: number[], b: number[]): Ratio {
  const logs = a.map((value, at) => Math.log(value / b[at]!));
  const middle = mean(logs);
  const half = t95(logs.length - 1) * (deviation(logs) / Math.sqrt(logs.length));
  return ratioOf(middle, half);
}

/**
 * The ratio a/b of measurements that were not taken in pairs, at least two of each: Welch's interval over the
 * logarithms, with Satterthwaite's degrees of freedom.
 * Source: Welch, "The generalization of 'Student's' problem when several different population variances are involved",
 * Biometrika 34 (1947).
 */
export function welchRatio(a: number[], b: number[]): Ratio {
  const [one, other] = [a, b].map((values) => {
    const logs = values.map(Math.log);
    return { middle: mean(logs), error: deviation(logs) ** 2 / logs.length, free: logs.length - 1 };
  }) as [LogSum, LogSum];
  const error = one.error + other.error;
  // Values that do not differ at all have an interval without width, whatever t is.
  const freedom = error ** 2 / (one.error ** 2 / one.free + other.error ** 2 / other.free) || 1;
  return ratioOf(one.middle - other.middle, t95(freedom) * Math.sqrt(error));
}

interface LogSum {
  middle: number;
  /** The square of the mean's standard error. */
  error: number;
  free: number;
}

/** Of a difference of logarithms, give or take `half`. */
function ratioOf(middle: number, half: number): Ratio {
  return { ratio: Math.exp(middle), low: Math.exp(middle - half), high: Math.exp(middle + half) };
}
