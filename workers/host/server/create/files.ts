/** GGUF files that are in the store, as layers of a model. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { LAYER_PREFIX, type Layer } from '#core/manifest';
import { factsOf } from '#core/model-file';
import type { FileFacts } from '#core/paddock-api';
import { badRequest } from '../body';
import type { Deps } from '../deps';

interface Found {
  layer: Layer;
  facts: FileFacts;
}

/** Weights first, their parts in order, then projectors and adapters. @throws PaddockError `bad_request` */
export async function layersOfFiles(
  { registry }: Deps,
  files: ReadonlyMap<string, Digest>,
): Promise<Layer[]> {
  const found = await Promise.all([...files].map((file) => look(registry, file)));
  const ofKind = (kind: FileFacts['kind']) => found.filter(({ facts }) => facts.kind === kind);
  const weights = inOrder(ofKind('model'));
  const adapters = ofKind('adapter');
  if (adapters.length > 1) throw badRequest('only one adapter is currently supported');
  return [...weights, ...ofKind('projector'), ...adapters].map(({ layer }) => layer);
}

async function look(registry: Deps['registry'], [path, digest]: [string, Digest]): Promise<Found> {
  const size = await registry.blobSize(digest);
  if (size === null) throw badRequest(`blob "${digest}" not found`);
  try {
    const facts = factsOf(await registry.fileHeader(digest), path);
    return { layer: { mediaType: LAYER_PREFIX + facts.kind, digest, size }, facts };
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== 'model_unreadable') throw error;
    const other = error.detail.gguf === false;
    throw badRequest(other ? 'supplied file was not in GGUF format' : error.message);
  }
}

/** @throws PaddockError `bad_request` unless they are one model, whole */
function inOrder(weights: Found[]): Found[] {
  const total = weights[0]?.facts.part?.of ?? 1;
  const numbers = new Set(weights.map(({ facts }) => facts.part?.number ?? 1));
  const whole = weights.length === total && numbers.size === total;
  if (weights.length > 0 && !whole) {
    throw badRequest(
      total === 1
        ? 'the files hold more than one model'
        : `the model is cut in ${total} files, and ${numbers.size} of them came`,
    );
  }
  return weights.sort((a, b) => (a.facts.part?.number ?? 1) - (b.facts.part?.number ?? 1));
}
