/** What web-llm asks of every adapter, and what a quantization asks of it beside that. */

const MIB = 1024 * 1024;

/** Bytes. */
export const LEAST_BUFFER = 256 * MIB;
/** Bytes of a binding, at the least. */
export const SMALL_BINDING = 128 * MIB;
/** Bytes. */
export const WORKGROUP_STORAGE = 32 * 1024;
/** In one stage of a shader. */
export const STORAGE_BUFFERS = 10;

/** The letters of `q4f16_1` tell in which type it calculates; `f16`: `shader-f16`. */
export function needsOfQuantization(quantization: string): { f16: boolean } {
  return { f16: /^q\d+f16(_|$)/.test(quantization) };
}
