/**
 * A row of a head as a cache of 8 bits gives it back (kernels/webgpu/attention/cache.ts). What f16 rounds stays out:
 * WGSL leaves open to which side, and it is too little to hide a fault.
 */

const word = new DataView(new ArrayBuffer(4));

/** In place: integers from -127 to 127 in shares of the greatest value, itself rounded up to 16 bits. */
export function roundRow(row: Float64Array): void {
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
