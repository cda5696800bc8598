/** Activations as integers of 8 bits, for a workgroup. */

/**
 * `quantize(start, local)`: fills `bytes` and `steps` with round(y / step) in -127 … 127, a step a unit of 32; the
 * lane's sum of x² goes to `laneSquares` where the norm needs it. `load` sets y0 … y7 of `unit`.
 */
export function quantizeFunction(
  units: number,
  workgroup: number,
  load: string,
  squares: boolean,
): string {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  const integers = eight.map((n) => `let n${n} = vec4i(round(y${n} * inverse));`);
  const packed = (first: number) => [0, 1, 2, 3].map((n) => `pack4xI8(n${first + n})`).join(', ');
  return `fn quantize(start: u32, local: u32) {
  ${squares ? 'var squares = 0.0;' : ''}
  for (var unit = local; unit < ${units}u; unit += ${workgroup}u) {
    ${load}
    let four = max(
      max(max(abs(y0), abs(y1)), max(abs(y2), abs(y3))),
      max(max(abs(y4), abs(y5)), max(abs(y6), abs(y7))));
    let size = max(max(four.x, four.y), max(four.z, four.w));
    // Smaller ones have no inverse in f32.
    let inverse = select(0.0, 127.0 / size, size > 1e-35);
    ${integers.join('\n    ')}
    let low = (n0 + n1) + (n2 + n3);
    let high = (n4 + n5) + (n6 + n7);
    let lowSum = low.x + low.y + low.z + low.w;
    let highSum = high.x + high.y + high.z + high.w;
    bytes[unit] = Words(vec4u(${packed(0)}), vec4u(${packed(4)}));
    steps[unit] = vec2u(
      bitcast<u32>(size / 127.0), (u32(lowSum) & 0xffffu) | (u32(highSum) << 16u));
  }
  ${squares ? 'laneSquares[local] = squares;' : ''}
}`;
}
