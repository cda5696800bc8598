/** What generate and chat share before the first token: the model, its layers, the options. */
import { parseKeepAlive } from '#core/duration';
import type { ChatMessage, RunnerFile, RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { LAYER_PREFIX, layersOf, runnerLayers, weightsOf, type Layer } from '#core/manifest';
import { isTensorList, TENSOR_LISTS } from '#core/mlc/tensor-list';
import { displayName } from '#core/names';
import { totalSize } from '#core/total-size';
import type { InstalledModel } from '../registry/installed';
import { isUsable } from '../registry/usable-params';
import { badRequest, brief, flag, modelText, requireName, type Body } from './body';
import type { Deps } from './deps';
import { parseMessages } from './messages';
import { resolveOptions, type Options } from './options';

/** A request that is ready to be scheduled. */
export interface Prepared {
  /** As the request spelled it: what the answer's `model` says. */
  spelling: string;
  /** As it is installed. */
  name: string;
  runnerModel: RunnerModel;
  options: Options;
  /** Undefined where the request does not say. */
  keepAliveMs: number | undefined;
  stream: boolean;
  /** The model's own SYSTEM; '' when it has none. */
  system: string;
  /** The model's own MESSAGEs. */
  messages: ChatMessage[];
  /** The model's own TEMPLATE, Jinja or Go's. */
  template?: string;
  /** `deps.now()` when the request came. */
  started: number;
}

/**
 * @throws PaddockError `invalid_name` for what can be no name, `model_not_found` (of '' too), `model_unreadable`;
 *   Ollama's generate and chat quote the name as it was spelled
 */
export async function findModel(
  deps: Pick<Deps, 'registry'>,
  spelling: string,
  { withTag = false } = {},
): Promise<InstalledModel> {
  const name = spelling === '' ? null : requireName(spelling);
  const model = name && (await deps.registry.get(name));
  if (model?.damaged) {
    throw new PaddockError('model_unreadable', `a check found a file of ${model.name} damaged`);
  }
  if (model) return model;
  const shown = withTag && name ? displayName(name) : spelling;
  throw new PaddockError('model_not_found', `model '${brief(shown)}' not found`);
}

/** Of the model's `params` layer what a reply can be made with; {} when it has none. */
export async function readParams(
  deps: Pick<Deps, 'registry'>,
  model: InstalledModel,
): Promise<Record<string, unknown>> {
  const [layer] = layersOf(model.manifest, 'params');
  if (!layer) return {};
  const params = await readJson(deps, layer);
  const usable = isObject(params) ? Object.entries(params).filter(isUsable) : [];
  if (!isObject(params) || usable.length < Object.keys(params).length) {
    console.warn(`Parameters of ${model.name} are left out: they are damaged, or of another type.`);
  }
  return Object.fromEntries(usable);
}

/** The model's own messages, which come before those of a chat. */
export async function readMessages(deps: Deps, model: InstalledModel): Promise<ChatMessage[]> {
  const [layer] = layersOf(model.manifest, 'messages');
  return layer ? parseMessages(await readJson(deps, layer)) : [];
}

/** Null for what is no JSON. */
async function readJson({ registry }: Pick<Deps, 'registry'>, { digest }: Layer): Promise<unknown> {
  const written = await registry.readText(digest);
  try {
    return JSON.parse(written);
  } catch {
    return null;
  }
}

/** GGUF files know each other by what is in them; MLC's by their names, the list of shards by its newer one. */
function runnerFile({ digest, name, mediaType }: Layer): RunnerFile {
  if (mediaType === `${LAYER_PREFIX}projector`) return { digest, role: 'projector' };
  if (name === undefined || mediaType === `${LAYER_PREFIX}model`) return { digest };
  return { digest, name: isTensorList(name) ? TENSOR_LISTS[0] : name };
}

/** The model as a runner takes it. */
export function runnerModel({ config, manifest }: InstalledModel): RunnerModel {
  return {
    format: config.model_format,
    files: runnerLayers(manifest).map(runnerFile),
    size: totalSize([...weightsOf(manifest), ...layersOf(manifest, 'projector')]),
    ...(config.capabilities?.includes('tools') && { tools: true }),
  };
}

export async function prepare(deps: Deps, body: Body, model: InstalledModel): Promise<Prepared> {
  const spelling = modelText(body);
  const started = deps.now();
  void deps.registry.noteUse(requireName(model.name));
  const said = body.keep_alive ?? undefined;
  const keepAliveMs = said === undefined ? undefined : parseKeepAlive(said);
  if (keepAliveMs === null) throw badRequest('"keep_alive" must be a duration such as "5m" or 300');
  if (weightsOf(model.manifest).length === 0)
    throw new PaddockError('bad_manifest', `"${model.name}" has no model layer`);
  const [systemLayer] = layersOf(model.manifest, 'system');
  const [templateLayer] = layersOf(model.manifest, 'template');
  const template = templateLayer ? await deps.registry.readText(templateLayer.digest) : '';
  const options = resolveOptions(await readParams(deps, model), body.options);
  const shift = (body.shift ?? null) !== null && { shift: flag(body, 'shift', true) };
  return {
    spelling,
    name: model.name,
    runnerModel: runnerModel(model),
    options: { ...options, sampling: { ...options.sampling, ...shift } },
    keepAliveMs,
    stream: flag(body, 'stream', true),
    system: systemLayer ? await deps.registry.readText(systemLayer.digest) : '',
    messages: await readMessages(deps, model),
    ...(template && { template }),
    started,
  };
}
