/** WGSL that reads a unit, 32 columns of a row (see `forms/reading.ts`). Functions carry their segment's suffix. */
import { readingOf } from '../forms';
import type { Floats, Integers } from '../forms/reading';
import type { KernelFeatures } from '../kernel';

/** What the functions below share. */
export function unitHelpers({ dot8 }: KernelFeatures): string {
  const unsigned = dot8
    ? 'unpack4xU8(word)'
    : 'vec4u(word & 255u, (word >> 8u) & 255u, (word >> 16u) & 255u, word >> 24u)';
  const signed = dot8
    ? 'unpack4xI8(word)'
    : `vec4i(
    i32(word << 24u) >> 24u, i32(word << 16u) >> 24u, i32(word << 8u) >> 24u, i32(word) >> 24u)`;
  return `struct Words {
  low: vec4u,
  high: vec4u,
}
struct Quarter {
  low: vec4f,
  high: vec4f,
}
fn unsignedBytes(word: u32) -> vec4f {
  return vec4f(${unsigned});
}
fn signedBytes(word: u32) -> vec4f {
  return vec4f(${signed});
}`;
}

/** Whether `product` needs the sums of a unit's activations. */
export function needsSums(type: number): boolean {
  const reading = readingOf(type);
  return reading.kind === 'integers' && reading.offset;
}

const Y = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `y${n}`);
const LETTERS = ['x', 'y', 'z', 'w'];

/** `product(unit, y0 … y7, sums)`: the unit times 32 activations, whose halves' sums are `sums`. */
export function productFunction(type: number, suffix: string): string {
  const reading = readingOf(type);
  const body = reading.kind === 'floats' ? floatProduct(suffix) : integerProduct(reading, suffix);
  const parameters = Y.map((y) => `${y}: vec4f`).join(', ');
  return `${parts(reading, suffix, true)}
fn product${suffix}(unit: u32, ${parameters}, sums: vec2f) -> f32 {
  ${body}
}`;
}

function floatProduct(suffix: string): string {
  const dots = Y.map((y, k) => `dot(four${suffix}(unit, ${k}u), ${y})`);
  return `return ${dots.join('\n    + ')};`;
}

function integerProduct({ signed, offset, halves }: Integers, suffix: string): string {
  const bytes = signed ? 'signedBytes' : 'unsignedBytes';
  const dots = (half: string, first: number) =>
    LETTERS.map((at, k) => `dot(${bytes}(words.${half}.${at}), y${first + k})`).join('\n    + ');
  return `let scale = unitScale${suffix}(unit);
  let words = words${suffix}(unit);
  let low = ${dots('low', 0)};
  let high = ${dots('high', 4)};
  return ${weighed(offset, halves, 'low', 'high')};`;
}

/** The products of codes, times their scales, and the sums of activations, times their offsets. */
function weighed(offset: boolean, halves: boolean, low: string, high: string): string {
  if (halves) return `dot(scale, vec4f(${low}, sums.x, ${high}, sums.y))`;
  const scaled = `scale.x * (${low} + ${high})`;
  return offset ? `${scaled} + scale.y * (sums.x + sums.y)` : scaled;
}

/** `product(unit, k, y0, y1, sums)`: the columns 4k… of both halves times 8 activations, whose sums are `sums`. */
export function quarterProductFunction(type: number, suffix: string): string {
  const reading = readingOf(type);
  return `${parts(reading, suffix, false)}
fn product${suffix}(unit: u32, k: u32, y0: vec4f, y1: vec4f, sums: vec2f) -> f32 {
  ${reading.kind === 'floats' ? floatQuarter(suffix) : integerQuarter(reading, suffix)}
}`;
}

function floatQuarter(suffix: string): string {
  return `return dot(four${suffix}(unit, k), y0) + dot(four${suffix}(unit, k + 4u), y1);`;
}

function integerQuarter({ signed, offset, halves }: Integers, suffix: string): string {
  const bytes = signed ? 'signedBytes' : 'unsignedBytes';
  return `let scale = unitScale${suffix}(unit);
  let words = wordsAt${suffix}(unit, k);
  let low = dot(${bytes}(words.x), y0);
  let high = dot(${bytes}(words.y), y1);
  return ${weighed(offset, halves, 'low', 'high')};`;
}

/** `product(unit, x, step, sums)`: the unit times `step` times 32 integers of 8 bits, whose halves' sums are `sums`. */
export function byteProductFunction(type: number, suffix: string): string {
  const reading = readingOf(type);
  if (reading.kind === 'floats') throw new Error('Floats have no product of integers.');
  const dots = (half: string) =>
    LETTERS.map((at) => `dot4I8Packed(words.${half}.${at}, x.${half}.${at})`).join(' + ');
  return `${parts(reading, suffix, true)}
fn product${suffix}(unit: u32, x: Words, step: f32, sums: vec2f) -> f32 {
  let scale = unitScale${suffix}(unit);
  let words = words${suffix}(unit);
  let low = f32(${dots('low')});
  let high = f32(${dots('high')});
  return step * (${weighed(reading.offset, reading.halves, 'low', 'high')});
}`;
}

/**
 * `unitScale(unit)`, and `quarter(unit, k, scale)`: the values of the columns 4k… of the unit's low and high half.
 */
export function quarterFunction(type: number, suffix: string): string {
  const reading = readingOf(type);
  if (reading.kind === 'floats') {
    return `${parts(reading, suffix, false)}
fn unitScale${suffix}(unit: u32) -> vec4f {
  return vec4f();
}
fn quarter${suffix}(unit: u32, k: u32, scale: vec4f) -> Quarter {
  return Quarter(four${suffix}(unit, k), four${suffix}(unit, k + 4u));
}`;
  }
  const bytes = reading.signed ? 'signedBytes' : 'unsignedBytes';
  const value = (word: string, scale: string, offset: string) =>
    `scale.${scale} * ${bytes}(${word})${reading.offset ? ` + scale.${offset}` : ''}`;
  return `${parts(reading, suffix, false)}
fn quarter${suffix}(unit: u32, k: u32, scale: vec4f) -> Quarter {
  let words = wordsAt${suffix}(unit, k);
  return Quarter(${value('words.x', 'x', 'y')}, ${value('words.y', 'z', 'w')});
}`;
}

/** The type's own functions: `four`, or `unitScale` and `words` (all of a unit) or `wordsAt`. */
function parts(reading: Floats | Integers, suffix: string, every: boolean): string {
  if (reading.kind === 'floats') {
    return `fn four${suffix}(unit: u32, k: u32) -> vec4f {
  ${reading.four(suffix)}
}`;
  }
  const head = every
    ? `fn words${suffix}(unit: u32) -> Words`
    : `fn wordsAt${suffix}(unit: u32, k: u32) -> vec2u`;
  return `fn unitScale${suffix}(unit: u32) -> vec4f {
  ${reading.scale(suffix)}
}
${head} {
  ${reading.words(suffix, every)}
}`;
}
