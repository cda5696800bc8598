/** Which tensors lie in which memory: one where all fits, else the layers are dealt out in order. */
import type { LayerTensors, Matrix, ModelTensors, Vector } from '../spec/tensors';

/** What one memory holds. The first has the embedding and the output too. */
export interface Share {
  embedding?: Matrix;
  layers: LayerTensors[];
  outputNorm?: Vector;
  output?: Matrix;
}

/**
 * @param sizeOf bytes of a memory with this share
 * @returns undefined where not even one layer fits a memory, or what the first has besides layers does not
 */
export function dealOut(
  tensors: ModelTensors,
  largest: number,
  sizeOf: (share: Share) => number,
): Share[] | undefined {
  const { layers, embedding, outputNorm, output } = tensors;
  const shares: Share[] = [{ embedding, outputNorm, output, layers: [] }];
  if (sizeOf(shares[0]!) > largest) return undefined;
  for (const layer of layers) {
    const last = shares.at(-1)!;
    const longer = { ...last, layers: [...last.layers, layer] };
    if (sizeOf(longer) <= largest) shares[shares.length - 1] = longer;
    else if (sizeOf({ layers: [layer] }) <= largest) shares.push({ layers: [layer] });
    else return undefined;
  }
  return shares;
}

export function matricesOf({ embedding, layers, output }: Share): Matrix[] {
  const inLayers = layers.flatMap((layer) => [
    layer.query,
    layer.key,
    layer.value,
    layer.output,
    layer.gate,
    layer.up,
    layer.down,
  ]);
  return [...new Set([embedding, ...inLayers, output])].filter((matrix) => matrix !== undefined);
}

export function vectorsOf({ layers, outputNorm }: Share): Vector[] {
  const inLayers = layers.flatMap((layer) => [
    layer.attentionNorm,
    layer.feedForwardNorm,
    layer.queryBias,
    layer.keyBias,
    layer.valueBias,
    layer.queryNorm,
    layer.keyNorm,
  ]);
  return [...inLayers, outputNorm].filter((vector) => vector !== undefined);
}
