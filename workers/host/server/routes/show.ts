import { layersOf, type LayerKind } from '#core/manifest';
import { badRequest, flag, modelText, readBody } from '../body';
import type { Deps } from '../deps';
import { findModel, readParams } from '../generation';
import type { Route } from '../route';
import { json } from '../http';
import { modelfile, parameterLines } from '../modelfile-text';
import type { InstalledModel } from '../../registry/installed';
import { details } from './tags';

export const show: Route = async (request, deps) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const model = await findModel(deps, spelling, { withTag: true });
  const verbose = flag(body, 'verbose', false);
  const header = await deps.registry.readHeader(model, verbose);
  const facts = await deps.registry.facts(model);
  const license = await layerText(deps, model, 'license');
  const system = await layerText(deps, model, 'system');
  const template =
    (await layerText(deps, model, 'template')) || header?.text('tokenizer.chat_template') || '';
  const params = await readParams(deps, model);
  return json({
    ...(license && { license }),
    modelfile: modelfile({ model, template, system, params, license }),
    ...(Object.keys(params).length > 0 && { parameters: parameterLines(params).join('\n') }),
    template,
    ...(system && { system }),
    details: details(model, facts),
    model_info: header?.modelInfo(verbose) ?? {},
    ...(verbose && header && { tensors: header.tensorList() }),
    capabilities: facts.capabilities,
    modified_at: new Date(model.modifiedAt).toISOString(),
  });
};

async function layerText(deps: Deps, model: InstalledModel, kind: LayerKind): Promise<string> {
  const layers = layersOf(model.manifest, kind);
  const texts = await Promise.all(layers.map((layer) => deps.registry.readText(layer.digest)));
  return texts.join('\n');
}
