/** The files of a model's weights, as they lie in the store: one, or the parts of a model that is cut. */
import { PaddockError } from '#core/errors';
import type { GgufOptions } from '#core/gguf';
import type { JoinedParts } from '#core/gguf/split';
import type { Layer } from '#core/manifest';
import { readWeightsHeader } from '#store/blob-header';
import type { BlobStore } from '#store/blob-store';

type Store = Pick<BlobStore, 'open'>;

/** What they say together. @throws PaddockError `model_unreadable`, naming the fault or the part that is missing */
export async function readWeights(
  store: Store,
  layers: readonly Layer[],
  options?: GgufOptions,
): Promise<JoinedParts> {
  const blobs = await Promise.all(layers.map(({ digest }) => store.open(digest)));
  return readWeightsHeader(blobs, options);
}

/** In the order of their parts; as they are, where they make no whole model: their owner may want them all the same. */
export async function inPartOrder(store: Store, layers: Layer[]): Promise<Layer[]> {
  if (layers.length < 2) return layers;
  try {
    return (await readWeights(store, layers)).order.map((at) => layers[at]!);
  } catch (error) {
    if (error instanceof PaddockError && error.code === 'model_unreadable') return layers;
    throw error;
  }
}
