/** More workgroups than one dimension takes. */
import type { Grid } from './product';

/** What every device of WebGPU dispatches in one dimension. */
const MOST = 65_535;

export function gridOf(count: number): Grid {
  const deep = Math.ceil(count / MOST);
  return [Math.ceil(count / deep), deep];
}

/** WGSL: `place`, the number of the workgroup `group`; those beyond `count` end. */
export function placeOf(count: number): string {
  const [wide, deep] = gridOf(count);
  if (deep === 1) return 'let place = group.x;';
  return `let place = group.y * ${wide}u + group.x;
  if (place >= ${count}u) {
    return;
  }`;
}
