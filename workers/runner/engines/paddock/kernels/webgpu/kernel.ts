/** A compute shader as text: what the templates in this folder make, and what `webgpu/` compiles and dispatches. */

/** `write` may be read too. */
export type Access = 'read' | 'write' | 'uniform';

/** A buffer by the name that the shader has for it; its place in the list is its number in group 0. */
export interface Binding {
  name: string;
  access: Access;
}

export interface Kernel {
  /** For errors and profiles. */
  label: string;
  /** WGSL whose entry point is `main`. */
  code: string;
  bindings: readonly Binding[];
}

/** What a shader may use on this device, beside plain WGSL. */
export interface KernelFeatures {
  /** `shader-f16`. */
  f16: boolean;
  /** The smallest number of lanes of a subgroup, whose lanes are known to be consecutive; 0: subgroups are not used. */
  subgroup: number;
  /** The language feature `packed_4x8_integer_dot_product`. */
  dot8: boolean;
}

/** Lanes of a subgroup where the processor plays the adapter: every lane more costs time there, barriers too. */
export const SOFTWARE_SUBGROUP = 4;

/** What every device of WebGPU can do: kernels have no more bindings of storage than this, the uniform ones aside. */
export const STORAGE_BINDINGS = 8;

/**
 * Where a run stands, 16 bytes, bound as `state`: written before a prompt's chunk, and by `next` and `choose` from
 * one token to the next.
 */
export const STATE_BYTES = 16;
export const STATE = `struct State {
  /** Of the run's first token. */
  position: u32,
  tokens: u32,
  /** The row of the stream that the logits are of. */
  row: u32,
  /** Tokens chosen since the stream began. */
  step: u32,
}`;

/** The directives that must stand first in a shader. */
export function enables({ f16, subgroup, dot8 }: KernelFeatures): string {
  return [
    f16 ? 'enable f16;' : '',
    subgroup > 0 ? 'enable subgroups;' : '',
    dot8 ? 'requires packed_4x8_integer_dot_product;' : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** The declarations of `bindings` in group 0; `types` by name, as WGSL has them (`array<vec4f>`). */
export function declare(bindings: readonly Binding[], types: Record<string, string>): string {
  const space = { read: 'storage, read', write: 'storage, read_write', uniform: 'uniform' };
  return bindings
    .map(({ name, access }, at) => {
      const type = name === 'state' && access === 'uniform' ? 'State' : types[name];
      return `@group(0) @binding(${at}) var<${space[access]}> ${name}: ${type};`;
    })
    .join('\n');
}
