/** The layers for the tokens of a prompt, up to a chunk of them. */
import { place } from '../kernels/webgpu/attention/place';
import { normRows } from '../kernels/webgpu/norm';
import { attentionWork, matmuls, single, type Building } from './building';
import { gatedPieces, stackedPieces } from './pieces';
import type { GpuLayer } from './plan';
import { dispatch, type Dispatch, type Named, type Program, type Run } from './programs';
import { layerNamed } from './token-program';
import type { GpuVector } from './vectors';

/** From the tokens' embeddings in the stream to the stream behind the last layer. */
export async function chunkProgram(building: Building): Promise<Program> {
  const { layers } = building.plan;
  return (await Promise.all(layers.map((layer, at) => chunkLayer(building, layer, at)))).flat();
}

async function chunkLayer(building: Building, layer: GpuLayer, at: number): Promise<Dispatch[]> {
  const { weights, attention, buffers } = building;
  const { stream, normed, qkv, attended, gated } = buffers;
  const bias = layer.qkvBias && weights.vector(layer.qkvBias);
  const named = layerNamed(building, layer, at);
  const placed = place(attention);
  const dispatches = await Promise.all([
    norm(building, layer.attentionNorm),
    matmuls(
      building,
      stackedPieces(weights, layer.qkv, { epilogue: 'store', bias: bias !== undefined }),
      { x: normed, bias, out: qkv },
    ),
    single(
      building,
      () => placed,
      ({ tokens }) => placed.workgroups(tokens),
      { named },
    ),
    attendDispatch(building, named),
    matmuls(building, stackedPieces(weights, [layer.output], { epilogue: 'add' }), {
      ...{ x: attended, out: stream },
    }),
    norm(building, layer.feedForwardNorm),
    matmuls(building, gatedPieces(weights, layer.gate, layer.up, { epilogue: 'gated' }), {
      ...{ x: normed, out: gated },
    }),
    matmuls(building, stackedPieces(weights, [layer.down], { epilogue: 'add' }), {
      ...{ x: gated, out: stream },
    }),
  ]);
  return dispatches.flat();
}

async function attendDispatch(building: Building, named: Named): Promise<Dispatch> {
  const { device, attention, kernels, buffers } = building;
  const compiled = await kernels.attendChunk(attention);
  const { kernel } = compiled;
  const workgroups = ({ tokens }: Run) => kernel.workgroups(tokens);
  return dispatch(device, compiled, { ...buffers, ...named }, workgroups, attentionWork(attention));
}

function norm(building: Building, vector: GpuVector): Promise<Dispatch> {
  const { hidden, normEpsilon } = building.plan.spec;
  const { stream, normed } = building.buffers;
  return single(
    building,
    () => normRows(hidden, normEpsilon),
    ({ tokens }) => [tokens],
    {
      named: { x: stream, norm: building.weights.vector(vector), out: normed },
    },
  );
}
