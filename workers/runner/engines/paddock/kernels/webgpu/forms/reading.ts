/**
 * How a shader reads a type's planes: units of 32 columns, numbered through the matrix row by row. In a unit, word k
 * of 4 bytes (k < 4) holds the columns 4k… of its low half, and another the columns 16 + 4k… of its high half.
 */

export interface Integers {
  kind: 'integers';
  /** Codes are -127…127, else at most 63 and not negative. */
  signed: boolean;
  /** A code of 0 is not the value 0: value = scale · code + offset. */
  offset: boolean;
  /** The halves of a unit have their own scales and offsets. */
  halves: boolean;
  /** WGSL body `(unit: u32) -> vec4f`: scale and offset of the low half, then of the high one. */
  scale(suffix: string): string;
  /** WGSL body `(unit: u32, …)` that returns `Words` (every k) or `vec2u` (the one at `k`): low and high bytes. */
  words(suffix: string, every: boolean): string;
}

export interface Floats {
  kind: 'floats';
  /** WGSL body `(unit: u32, k: u32) -> vec4f`: the columns 4k…, k < 8. */
  four(suffix: string): string;
}

export type Reading = Integers | Floats;

/** The same WGSL for all four words of a half at once, and for the one at `k`. */
export function lanes(suffix: string, every: boolean) {
  return {
    /** The words of vec4u `index` of the codes. */
    load: (index: string) => `codes${suffix}[${index}]${every ? '' : '[k]'}`,
    fill: (value: string) => (every ? `vec4u(${value})` : value),
    k: every ? 'vec4u(0u, 1u, 2u, 3u)' : 'k',
    result: every ? 'Words' : 'vec2u',
  };
}

/** The nibbles of the word `word`, with `high` bits above them where the type has more than 4. */
export function nibbles(
  suffix: string,
  every: boolean,
  word: string,
  above: { low: string; high: string } | undefined,
): string {
  const { load, fill, result } = lanes(suffix, every);
  const or = (bits: string | undefined) =>
    bits === undefined ? '' : ` | ((${bits}) << ${fill('4u')})`;
  return `let word = ${load(word)};
  let mask = ${fill('0x0f0f0f0fu')};
  return ${result}(
    (word & mask)${or(above?.low)},
    ((word >> ${fill('4u')}) & mask)${or(above?.high)},
  );`;
}

/** The fifth bits in `fifths` (see `bits.ts`): bit k of each byte is for the low half, bit k + 4 for the high one. */
export function fifthBits(suffix: string, every: boolean): { low: string; high: string } {
  const { fill, k } = lanes(suffix, every);
  const at = (shift: string) => `(${fill('fifths')} >> ${shift}) & ${fill('0x01010101u')}`;
  return { low: at(k), high: at(`(${k} + ${fill('4u')})`) };
}
