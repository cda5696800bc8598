/** GGUF files that are in the store, as layers of a model. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { GgufHeader } from '#core/gguf';
import { joinParts } from '#core/gguf/split';
import { LAYER_PREFIX, type Layer } from '#core/manifest';
import { factsOf, isPartName, splitStemOf } from '#core/model-file';
import type { FileFacts } from '#core/paddock-api';
import { badRequest } from '../body';
import type { Deps } from '../deps';

interface Found {
  path: string;
  layer: Layer;
  facts: FileFacts;
  header: GgufHeader;
}

/** Weights first, their parts in order, then projectors and adapters. @throws PaddockError `bad_request` */
export async function layersOfFiles(
  { registry }: Deps,
  files: ReadonlyMap<string, Digest>,
): Promise<Layer[]> {
  const found = await Promise.all([...files].map((file) => look(registry, file)));
  const ofKind = (kind: FileFacts['kind']) => found.filter(({ facts }) => facts.kind === kind);
  const weights = await inOrder(ofKind('model'));
  const adapters = ofKind('adapter');
  if (adapters.length > 1) throw badRequest('only one adapter is currently supported');
  return [...weights, ...ofKind('projector'), ...adapters].map(({ layer }) => layer);
}

async function look(registry: Deps['registry'], [path, digest]: [string, Digest]): Promise<Found> {
  const size = await registry.blobSize(digest);
  if (size === null) throw badRequest(`blob "${digest}" not found`);
  return refusing(async () => {
    const header = await registry.fileHeader(digest);
    const facts = factsOf(header, path);
    return { path, layer: { mediaType: LAYER_PREFIX + facts.kind, digest, size }, facts, header };
  });
}

/** @throws PaddockError `bad_request` unless they are one model, whole */
async function inOrder(weights: Found[]): Promise<Found[]> {
  if (weights.length === 0) return [];
  const single = ({ facts }: Found) => facts.part === null;
  if (weights.length > 1 && weights.every(single)) {
    throw badRequest('the files hold more than one model');
  }
  const stems = new Set(
    weights.filter(({ path }) => isPartName(path)).map(({ path }) => splitStemOf(path)),
  );
  if (stems.size > 1) {
    const [one, other] = stems;
    throw badRequest(`the files are parts of different models: "${one}" and "${other}"`);
  }
  const files = weights.map(({ header, layer }) => ({ header, size: layer.size }));
  const { order } = await refusing(async () => joinParts(files));
  return order.map((at) => weights[at]!);
}

/** What is wrong with a file is the request's fault. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== 'model_unreadable') throw error;
    const other = error.detail.gguf === false;
    throw badRequest(other ? 'supplied file was not in GGUF format' : error.message);
  }
}
