/** Bits of codes above the fourth, in the order in which shaders want them. */

/** Bit i of a byte to bit 8 · (i mod 4) + i / 4. */
const SPREAD = Uint32Array.from({ length: 256 }, (_, byte) => {
  let spread = 0;
  for (let i = 0; i < 8; i++) spread |= ((byte >> i) & 1) << (8 * (i & 3) + (i >> 2));
  return spread;
});

/** One bit a column, column c at bit c: to bit k of byte j for column 4k + j. */
export function spreadBits(bits: number): number {
  return (
    SPREAD[bits & 255]! |
    (SPREAD[(bits >>> 8) & 255]! << 2) |
    (SPREAD[(bits >>> 16) & 255]! << 4) |
    (SPREAD[bits >>> 24]! << 6)
  );
}

/**
 * The nibbles of 64 columns as the K types have them, 32 bytes with the second 32 columns above the first, to
 * 2 times 16 bytes as Q4_0 has them, with the second 16 columns above the first.
 */
export function pairNibbles(source: DataView, at: number, codes: DataView, to: number): void {
  for (let byte = 0; byte < 16; byte += 4) {
    const low = source.getUint32(at + byte, true);
    const high = source.getUint32(at + byte + 16, true);
    codes.setUint32(to + byte, (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4), true);
    codes.setUint32(to + byte + 16, ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0), true);
  }
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
