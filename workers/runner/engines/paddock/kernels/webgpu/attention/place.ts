/** Keys and values of a prompt's chunk into the cache. */
import { declare, STATE, type Kernel } from '../kernel';
import { attentionBindings, attentionTypes } from './bindings';
import { cacheRead, cacheWrite } from './cache';
import { headsPlaced } from './heads';
import { tokenPlaced } from './place-token';
import type { AttentionShape } from './shape';

/** Workgroups [tokens, kv heads]. Positions `state.position` + token; `qkv` stays as it is. */
export function place(
  shape: AttentionShape,
): Kernel & { workgroups(tokens: number): [number, number] } {
  const lanes = shape.headSize > 128 ? 64 : 32;
  const bindings = attentionBindings(shape, 'write');
  return {
    label: `place ${shape.cache}`,
    bindings,
    workgroups: (tokens) => [tokens, shape.keyValueHeads],
    code: `${STATE}
${declare(bindings, attentionTypes(shape))}
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
