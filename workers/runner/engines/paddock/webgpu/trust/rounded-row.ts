/** Rows of heads as a cache gives them back (kernels/webgpu/attention/cache.ts). */
import type { Rounding } from './compare';

/** How keys and values are held: as they are, in f16 rounded to the nearest or cut, in shares of a row's greatest. */
export type Held = 'exact' | 'nearest' | 'cut' | 'shares';

/**
 * The ways of a cache, the usual one first: WGSL leaves open to which side f16 is rounded. It is not too little to
 * matter: qwen2 adds some hundreds to columns of its keys.
 */
export const HELD: Record<Rounding['cache'], readonly Held[]> = {
  f32: ['exact'],
  f16: ['nearest', 'cut'],
  q8: ['shares'],
};

/** In place: the row of a token, whose heads are so wide. */
export function hold(row: Float64Array, held: Held, headSize: number): void {
  if (held === 'exact') return;
  if (held === 'shares') {
    for (let at = 0; at < row.length; at += headSize) share(row.subarray(at, at + headSize));
    return;
  }
  const whole = held === 'cut' ? Math.trunc : Math.round;
  row.forEach((value, at) => {
    // f16 has 11 bits from 2^-14 on, and below it steps of 2^-24.
    const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
    row[at] = whole(value / step) * step;
  });
}

const word = new DataView(new ArrayBuffer(4));

/** In place: integers from -127 to 127 in shares of the greatest value, itself rounded up to 16 bits. */
function share(row: Float64Array): void {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = roundedUp(largest);
  for (let at = 0; at < row.length; at++) {
    row[at] = scale < 1e-30 ? 0 : (Math.floor(0.5 + (127 * row[at]!) / scale) / 127) * scale;
  }
}

function roundedUp(value: number): number {
  word.setFloat32(0, value);
  word.setUint32(0, ((word.getUint32(0) + 0xffff) >>> 16) << 16);
  return word.getFloat32(0);
}
