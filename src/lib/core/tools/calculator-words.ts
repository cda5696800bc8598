/** What an expression may name. */
import { ToolError } from '#core/tools/tool';

interface Function {
  least: number;
  most: number;
  of: (...given: number[]) => number;
}

const one = (of: (x: number) => number): Function => ({ least: 1, most: 1, of });
const two = (of: (x: number, y: number) => number): Function => ({ least: 2, most: 2, of });
const any = (of: (...given: number[]) => number): Function => ({ least: 1, most: Infinity, of });

export const CONSTANTS: Record<string, number> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  e: Math.E,
};

export const FUNCTIONS: Record<string, Function> = {
  sqrt: one(Math.sqrt),
  cbrt: one(Math.cbrt),
  abs: one(Math.abs),
  sign: one(Math.sign),
  round: { least: 1, most: 2, of: (x, digits = 0) => roundTo(x, digits) },
  floor: one(Math.floor),
  ceil: one(Math.ceil),
  trunc: one(Math.trunc),
  exp: one(Math.exp),
  ln: one(Math.log),
  log: {
    least: 1,
    most: 2,
    of: (x, base) => (base === undefined ? Math.log10(x) : Math.log(x) / Math.log(base)),
  },
  log10: one(Math.log10),
  log2: one(Math.log2),
  sin: one(Math.sin),
  cos: one(Math.cos),
  tan: one(Math.tan),
  asin: one(Math.asin),
  acos: one(Math.acos),
  atan: one(Math.atan),
  atan2: two(Math.atan2),
  sinh: one(Math.sinh),
  cosh: one(Math.cosh),
  tanh: one(Math.tanh),
  pow: two((x, y) => x ** y),
  mod: two((x, y) => x % y),
  hypot: any(Math.hypot),
  min: any(Math.min),
  max: any(Math.max),
  sum: any((...given) => given.reduce((sum, x) => sum + x, 0)),
  mean: any((...given) => given.reduce((sum, x) => sum + x, 0) / given.length),
  factorial: one(factorial),
};

/** By the decimal text, since 1.005 * 100 is less than 100.5. */
function roundTo(x: number, digits: number): number {
  if (!Number.isInteger(digits) || Math.abs(digits) > 15) {
    throw new ToolError('round takes a whole number of digits, from -15 to 15.');
  }
  if (Math.abs(x) * 10 ** digits >= 1e15) return x;
  const [mantissa = '0', exponent = '0'] = String(Math.abs(x)).split('e');
  const whole = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
  return Math.sign(x) * Number(`${whole}e${-digits}`);
}

/** 171! is more than a double holds. */
export function factorial(x: number): number {
  if (!Number.isInteger(x) || x < 0)
    throw new ToolError('A factorial is of a whole number from 0.');
  let product = 1;
  for (let n = 2; n <= x && Number.isFinite(product); n++) product *= n;
  return product;
}
