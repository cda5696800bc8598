/** What a request makes of the model it begins with: Ollama's rules of merging. */
import { PaddockError } from '#core/errors';
import { layersOf, LAYER_PREFIX, type Layer, type LayerKind } from '#core/manifest';
import type { ModelDraft } from '../../registry/build-model';
import type { InstalledModel } from '../../registry/installed';
import { badRequest } from '../body';
import type { Deps } from '../deps';
import { readParams } from '../generation';
import { writeMessage } from '../messages';
import { layersOfFiles } from './files';
import type { CreateRequest } from './request';

type Texts = NonNullable<ModelDraft['texts']>;

/** @param base what the request is `from`; null where files are given */
export async function draftOf(
  deps: Deps,
  request: CreateRequest,
  base: InstalledModel | null,
): Promise<ModelDraft> {
  const texts = await textsOf(deps, await fitted(deps, request, base), base);
  const replaced = new Set<string>(
    texts.map(({ kind }) => kind).filter((kind) => kind !== 'license'),
  );
  const kept = (base?.manifest.layers ?? [])
    .filter(({ mediaType }) => !replaced.has(mediaType.slice(LAYER_PREFIX.length)))
    .map((layer) => ({ ...layer, from: base!.name }));
  const files = [...kept, ...(await addedFiles(deps, request, base))];
  const { config } = request;
  if (base) return { format: base.config.model_format, files, texts, base: base.config, config };
  return { format: 'gguf', files, texts, config };
}

/** An MLC model's own words for its conversation are no template to be kept. @throws PaddockError `not_supported` */
async function fitted(
  { registry }: Deps,
  request: CreateRequest,
  base: InstalledModel | null,
): Promise<CreateRequest> {
  if (base?.config.model_format !== 'mlc') return request;
  const refuse = (why: string) => new PaddockError('not_supported', why);
  if (request.adapters.size > 0) throw refuse('an MLC model takes no adapter');
  if (request.template === '' || request.template === (await registry.readMlc(base))?.template) {
    return { ...request, template: '' };
  }
  throw refuse('an MLC model brings its own template, which TEMPLATE cannot replace');
}

/** Parameters key by key over the base's; the rest replaces what the base has, where it is given at all. */
async function textsOf(
  deps: Deps,
  { template, system, licenses, parameters, messages }: CreateRequest,
  base: InstalledModel | null,
): Promise<Texts> {
  const texts: Texts = [];
  if (template) texts.push({ kind: 'template', text: template });
  if (system) texts.push({ kind: 'system', text: system });
  for (const text of licenses) texts.push({ kind: 'license', text });
  if (Object.keys(parameters).length > 0) {
    const merged = { ...(base && (await readParams(deps, base))), ...parameters };
    texts.push({ kind: 'params', text: JSON.stringify(merged) });
  }
  const said = messages.map(writeMessage);
  if (said.length > 0) texts.push({ kind: 'messages', text: JSON.stringify(said) });
  return texts;
}

async function addedFiles(
  deps: Deps,
  { files, adapters }: CreateRequest,
  base: InstalledModel | null,
): Promise<Layer[]> {
  const given = base ? [] : await layersOfFiles(deps, files);
  if (!base && !given.some(isOf('model'))) throw badRequest('none of the files is a model');
  const added = await layersOfFiles(deps, adapters);
  if (!added.every(isOf('adapter'))) throw badRequest('an adapter must be an adapter file');
  const there = base ? layersOf(base.manifest, 'adapter') : given.filter(isOf('adapter'));
  if (added.length + there.length > 1) {
    throw badRequest('only one adapter is currently supported');
  }
  return [...given, ...added];
}

function isOf(kind: LayerKind): (layer: Layer) => boolean {
  return ({ mediaType }) => mediaType === LAYER_PREFIX + kind;
}
