// What multiplies matrices.
export { matmul } from './matmul';
export { pack } from './pack';
export { quantize } from './quantize';
export { unpackRow } from './unpack';
