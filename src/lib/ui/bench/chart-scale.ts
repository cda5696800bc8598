/** A function from a value to its place in a chart that has room for all of `values`, such as `62.5%`. */
export function chartScale(values: readonly number[]): (value: number) => string {
  const most = Math.max(...values.filter(Number.isFinite), 0);
  return (value) => `${most > 0 ? (Math.max(0, value) / most) * 100 : 0}%`;
}
