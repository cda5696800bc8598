/** What the kernels that read or write the cache are bound to. */
import type { Binding } from '../kernel';
import { QUAD_TYPE } from './cache';
import type { AttentionShape } from './shape';

/**
 * What all of them bind: `qkv`, the cache, rope's angles, `headNorms` [query, key][headSize] f32 where there are any,
 * then `more`, and the state.
 */
export function attentionBindings(
  { headNorm }: AttentionShape,
  cache: 'read' | 'write',
  more: readonly Binding[] = [],
): Binding[] {
  const norms: Binding[] = headNorm === undefined ? [] : [{ name: 'headNorms', access: 'read' }];
  return [
    { name: 'qkv', access: 'read' },
    { name: 'keys', access: cache },
    { name: 'values', access: cache },
    { name: 'rope', access: 'read' },
    ...norms,
    ...more,
    { name: 'state', access: 'uniform' },
  ];
}

/** Of those bindings in WGSL, of what is written too. */
export function attentionTypes({ cache }: AttentionShape): Record<string, string> {
  const quads = `array<${QUAD_TYPE[cache]}>`;
  const fours = 'array<vec4f>';
  return {
    ...{ qkv: fours, keys: quads, values: quads, rope: 'array<vec2f>', headNorms: fours },
    ...{ partials: fours, attended: fours },
  };
}
