/** Shader text that puts a token's key and value of one head into the cache, as `attend` and `place` do. */
import { rowOf } from './heads';
import type { AttentionShape } from './shape';

/**
 * `placeToken(token, head, lane)`, for all `lanes` of a workgroup: with `q8` they wait for one another. Needs what
 * `headsPlaced`, `cacheRead` and `cacheWrite` declare.
 */
export function tokenPlaced(shape: AttentionShape, lanes: number): string {
  return `${shape.cache === 'q8' ? 'var<workgroup> placedKey: array<vec4f, QUADS>;' : ''}
fn placeToken(token: u32, head: u32, lane: u32) {
  let position = state.position + token;
  let keyStart = token * ${rowOf(shape).width}u + ${rowOf(shape).keys}u + head * QUADS;
  let valueStart = token * ${rowOf(shape).width}u + ${rowOf(shape).values}u + head * QUADS;
  let keyGoal = keyAt(head, position);
  let valueGoal = valueAt(head, position);
  let factor = ${shape.headNorm === undefined ? '1.0' : 'headFactor(keyStart)'};
${shape.cache === 'q8' ? scaled(lanes) : plain(lanes)}
}`;
}

function plain(lanes: number): string {
  return `
  for (var quad = lane; quad < QUADS; quad += ${lanes}u) {
    keys[keyGoal + quad * KEY_BLOCK] = packed(placed(keyStart, quad, factor, position, QUADS));
    values[valueGoal + quad] = packed(qkv[valueStart + quad]);
  }`;
}

/** Every lane looks for the greatest values itself: another barrier would cost more. */
function scaled(lanes: number): string {
  return `
  for (var quad = lane; quad < QUADS; quad += ${lanes}u) {
    placedKey[quad] = placed(keyStart, quad, factor, position, QUADS);
  }
  workgroupBarrier();
  var keyTop = 0.0;
  var valueTop = 0.0;
  for (var quad = 0u; quad < QUADS; quad++) {
    keyTop = max(keyTop, largest(placedKey[quad]));
    valueTop = max(valueTop, largest(qkv[valueStart + quad]));
  }
  let scales = roundedUp(keyTop) | (roundedUp(valueTop) << 16u);
  let keyShare = inverse(keyScale(scales));
  let valueShare = inverse(valueScale(scales));
  for (var quad = lane; quad < QUADS; quad += ${lanes}u) {
    keys[keyGoal + quad * KEY_BLOCK] = packed(placedKey[quad] * keyShare);
    values[valueGoal + quad] = packed(qkv[valueStart + quad] * valueShare);
  }
  if (lane == 0u) {
    keys[keyGoal + QUADS * KEY_BLOCK] = scales;
  }`;
}
