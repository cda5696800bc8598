/** Numbers between bounds. */
import { choice, letters, maybe, repeat, sequence, text, type Expression } from './expression';
import { DIGIT, INTEGER, NUMBER, WHOLE_DIGITS } from './json';

export interface Bounds {
  /** Whole numbers, or infinite. */
  least: number;
  most: number;
  /** The bound itself is none of them. */
  aboveLeast: boolean;
  belowMost: boolean;
}

/** The largest whole number that is written. */
const LARGEST = 10 ** WHOLE_DIGITS - 1;

/** Few digits: no number rounds up to its bound. */
const FRACTION = sequence('.', repeat(DIGIT, 1, 9));

/** Undefined: there is none. */
export function integers({ least, most, aboveLeast, belowMost }: Bounds): Expression | undefined {
  if (least === -Infinity && most === Infinity) return INTEGER;
  const from = Math.max(aboveLeast ? least + 1 : least, -LARGEST);
  const to = Math.min(belowMost ? most - 1 : most, LARGEST);
  return anyOf(signed(from, to, wholes));
}

/** Without exponents where there is a bound. Undefined: there is none. */
export function numbers({ least, most, aboveLeast, belowMost }: Bounds): Expression | undefined {
  if (least === -Infinity && most === Infinity) return NUMBER;
  const from = Math.max(least, -LARGEST);
  const to = Math.min(most, LARGEST);
  const options: Expression[] = [];
  if (to > 0 || (to === 0 && !belowMost)) {
    const low = Math.max(from, 0);
    options.push(...fractions(low, to, from >= 0 && aboveLeast, belowMost && most <= LARGEST));
  }
  if (from < 0) {
    // Below zero: what stands behind the minus. -0 is 0.
    const low = Math.max(-to, 0);
    const negative = fractions(low, -from, to <= 0 && belowMost, aboveLeast && least >= -LARGEST);
    options.push(...negative.map((one) => sequence('-', one)));
  }
  return anyOf(options);
}

/** From `low`, 0 or more, to `high`, with a fraction or without. */
function fractions(low: number, high: number, openLow: boolean, openHigh: boolean): Expression[] {
  if (low > high) return [];
  const options: Expression[] = [];
  if (low === high) {
    if (!openLow && !openHigh) options.push(text(String(low)));
    return options;
  }
  const above = sequence(String(low), '.', somewhatAboveZero());
  options.push(openLow ? above : sequence(String(low), maybe(FRACTION)));
  options.push(...wholes(low + 1, high - 1).map((whole) => sequence(whole, maybe(FRACTION))));
  if (!openHigh) options.push(text(String(high)));
  return options;
}

/** Digits of which one is not 0. */
function somewhatAboveZero(): Expression {
  return sequence(repeat(text('0'), 0, 5), letters('1-9'), repeat(DIGIT, 0, 9));
}

function signed(
  from: number,
  to: number,
  write: (low: number, high: number) => Expression[],
): Expression[] {
  const options = write(Math.max(from, 0), to);
  if (from < 0) {
    options.push(...write(Math.max(-to, 1), -from).map((one) => sequence('-', one)));
  }
  return options;
}

/** Whole numbers from `low`, 0 or more, to `high`: by the number of their digits. */
function wholes(low: number, high: number): Expression[] {
  const options: Expression[] = [];
  for (let from = low; from <= high;) {
    const digits = String(from).length;
    const to = Math.min(high, 10 ** digits - 1);
    options.push(sameLength(String(from), String(to)));
    from = to + 1;
  }
  return options;
}

/** Between two numbers of as many digits. */
function sameLength(from: string, to: string): Expression {
  const count = from.length;
  if (from === to) return text(from);
  if (/^0*$|^10*$/.test(from) && /^9*$/.test(to)) {
    const first = letters(`${from[0]}-9`);
    return sequence(first, repeat(DIGIT, count - 1, count - 1));
  }
  const [low, high] = [Number(from[0]), Number(to[0])];
  const rest = (one: string) => one.slice(1);
  const zeros = '0'.repeat(count - 1);
  const nines = '9'.repeat(count - 1);
  if (count === 1) return letters(`${low}-${high}`);
  if (low === high) return sequence(String(low), sameDigits(rest(from), rest(to)));
  const options = [sequence(String(low), sameDigits(rest(from), nines))];
  if (high - low > 1) {
    const middle = letters(`${low + 1}-${high - 1}`);
    options.push(sequence(middle, repeat(DIGIT, count - 1, count - 1)));
  }
  options.push(sequence(String(high), sameDigits(zeros, rest(to))));
  return choice(...options);
}

/** As `sameLength`, where zeros may lead. */
function sameDigits(from: string, to: string): Expression {
  if (/^0*$/.test(from) && /^9*$/.test(to)) return repeat(DIGIT, from.length, from.length);
  return sameLength(from, to);
}

function anyOf(options: Expression[]): Expression | undefined {
  return options.length > 0 ? choice(...options) : undefined;
}
