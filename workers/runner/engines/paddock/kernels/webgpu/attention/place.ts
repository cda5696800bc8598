/** Keys and values of a prompt's chunk into the cache. */
import { declare, STATE, type Binding, type Kernel } from '../kernel';
import { cacheRead, cacheWrite, QUAD_TYPE } from './cache';
import { headsPlaced } from './heads';
import { tokenPlaced } from './place-token';
import { headNormBinding, type AttentionShape } from './shape';

/** Workgroups [tokens, kv heads]. Positions `state.position` + token; `qkv` stays as it is. */
export function place(
  shape: AttentionShape,
): Kernel & { workgroups(tokens: number): [number, number] } {
  const lanes = shape.headSize > 128 ? 64 : 32;
  const bindings: Binding[] = [
    { name: 'qkv', access: 'read' },
    { name: 'keys', access: 'write' },
    { name: 'values', access: 'write' },
    { name: 'rope', access: 'read' },
    ...headNormBinding(shape),
    { name: 'state', access: 'uniform' },
  ];
  const quads = `array<${QUAD_TYPE[shape.cache]}>`;
  return {
    label: `place ${shape.cache}`,
    bindings,
    workgroups: (tokens) => [tokens, shape.keyValueHeads],
    code: `${STATE}
${declare(bindings, {
  qkv: 'array<vec4f>',
  keys: quads,
  values: quads,
  rope: 'array<vec2f>',
  headNorms: 'array<vec4f>',
})}
${cacheRead(shape)}
${cacheWrite(shape)}
${headsPlaced(shape)}
${tokenPlaced(shape, lanes)}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  placeToken(workgroup.x, workgroup.y, lane);
}`,
  };
}
