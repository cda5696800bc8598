/** Shader text by which keys and values are found, read and written, four columns at a time. */
import { cachePositions, KEY_BLOCK, keyQuads, type AttentionShape, type GpuCache } from './shape';

/** Of one element of `keys` and `values`. */
export const QUAD_TYPE: Record<GpuCache, string> = { f32: 'vec4f', f16: 'vec2u', q8: 'u32' };

const UNPACK: Record<GpuCache, string> = {
  f32: 'fn unpacked(quad: vec4f) -> vec4f { return quad; }',
  f16: 'fn unpacked(quad: vec2u) -> vec4f { return vec4f(unpack2x16float(quad.x), unpack2x16float(quad.y)); }',
  // In shares of the row's scale.
  q8: 'fn unpacked(quad: u32) -> vec4f { return unpack4x8snorm(quad); }',
};

/** Beyond 65504 is no f16. */
const PACK: Record<GpuCache, string> = {
  f32: 'fn packed(quad: vec4f) -> vec4f { return quad; }',
  f16: `fn packed(quad: vec4f) -> vec2u {
  let held = clamp(quad, vec4f(-65504.0), vec4f(65504.0));
  return vec2u(pack2x16float(held.xy), pack2x16float(held.zw));
}`,
  q8: 'fn packed(quad: vec4f) -> u32 { return pack4x8snorm(quad); }',
};

/**
 * A row's scale is its greatest value, rounded up to the upper 16 bits of an f32: those of key and value make one
 * word. Rows below 1e-30 are zero, since their scale may have no inverse.
 */
const SCALES = `
fn largest(quad: vec4f) -> f32 {
  let size = abs(quad);
  return max(max(size.x, size.y), max(size.z, size.w));
}
fn roundedUp(scale: f32) -> u32 { return (bitcast<u32>(scale) + 0xffffu) >> 16u; }
fn keyScale(scales: u32) -> f32 { return bitcast<f32>(scales << 16u); }
fn valueScale(scales: u32) -> f32 { return bitcast<f32>(scales & 0xffff0000u); }
fn inverse(scale: f32) -> f32 { return select(0.0, 1.0 / scale, scale >= 1e-30); }`;

/** `unpacked`, `keyAt`, `valueAt`; an element of a key's next four columns is KEY_BLOCK behind. */
export function cacheRead(shape: AttentionShape): string {
  const quads = shape.headSize / 4;
  const positions = cachePositions(shape);
  return `
const QUADS = ${quads}u;
const KEY_BLOCK = ${KEY_BLOCK}u;
${UNPACK[shape.cache]}
${shape.cache === 'q8' ? SCALES : ''}
fn keyAt(head: u32, position: u32) -> u32 {
  let block = head * ${positions / KEY_BLOCK}u + position / KEY_BLOCK;
  return block * ${keyQuads(shape) * KEY_BLOCK}u + position % KEY_BLOCK;
}
fn valueAt(head: u32, position: u32) -> u32 {
  return (head * ${positions}u + position) * QUADS;
}`;
}

export function cacheWrite({ cache }: AttentionShape): string {
  return PACK[cache];
}
