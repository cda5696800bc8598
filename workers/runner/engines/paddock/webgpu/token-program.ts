/** The layers for one token: six dispatches each. */
import { merge } from '../kernels/webgpu/attention/merge';
import { attentionWork, matvecs, single, type Building } from './building';
import { gatedPieces, stackedPieces } from './pieces';
import type { GpuLayer } from './plan';
import { dispatch, type Dispatch, type Named, type Program, type Run } from './programs';

/** From a token's embedding in the stream's first row to the stream behind the last layer. */
export async function tokenProgram(building: Building): Promise<Program> {
  const { layers } = building.plan;
  return (await Promise.all(layers.map((layer, at) => tokenLayer(building, layer, at)))).flat();
}

async function tokenLayer(building: Building, layer: GpuLayer, at: number): Promise<Dispatch[]> {
  const { weights, plan, buffers, attention } = building;
  const { stream, qkv, attended, gated } = buffers;
  const norm = plan.spec.normEpsilon;
  const { attentionNorm, feedForwardNorm, qkvBias } = layer;
  const bias = qkvBias && weights.vector(qkvBias);
  const dispatches = await Promise.all([
    matvecs(
      building,
      stackedPieces(weights, layer.qkv, { epilogue: 'store', norm, bias: bias !== undefined }),
      { x: stream, norm: weights.vector(attentionNorm), bias, out: qkv },
    ),
    attendDispatch(building, layerNamed(building, layer, at)),
    single(building, () => merge(attention), [attention.heads]),
    matvecs(building, stackedPieces(weights, [layer.output], { epilogue: 'add' }), {
      ...{ x: attended, out: stream },
    }),
    matvecs(building, gatedPieces(weights, layer.gate, layer.up, { epilogue: 'gated', norm }), {
      ...{ x: stream, norm: weights.vector(feedForwardNorm), out: gated },
    }),
    matvecs(building, stackedPieces(weights, [layer.down], { epilogue: 'add' }), {
      ...{ x: gated, out: stream },
    }),
  ]);
  return dispatches.flat();
}

/** What only one layer's attention binds. */
export function layerNamed({ weights }: Building, layer: GpuLayer, at: number): Named {
  const { keys, values } = weights.caches[at]!;
  const headNorms = layer.headNorms && weights.vector(layer.headNorms);
  return { keys: { buffer: keys }, values: { buffer: values }, headNorms };
}

async function attendDispatch(building: Building, named: Named): Promise<Dispatch> {
  const { device, attention, kernels, buffers } = building;
  const compiled = await kernels.attend(attention);
  const { kernel } = compiled;
  const workgroups = ({ position }: Run) => kernel.workgroups(position);
  return dispatch(device, compiled, { ...buffers, ...named }, workgroups, attentionWork(attention));
}
