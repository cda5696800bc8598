/** `/v1/models`: what `/api/tags` lists, by its names. */
import { parseName } from '#core/names';
import type { InstalledModel } from '../../registry/installed';
import { findModel } from '../generation';
import type { Route } from '../route';
import { openAiJson } from './http';

export const models: Route = async (_request, { registry }) => {
  const all = await registry.list();
  return openAiJson({ object: 'list', data: all.map((model) => describe(model, model.name)) });
};

/** `GET /v1/models/<name>`, which may be encoded; its slashes need not be. */
export const model: Route = async (request, deps) => {
  const spelling = nameIn(new URL(request.url).pathname);
  const found = await findModel(deps, spelling, { withTag: true });
  return openAiJson(describe(found, spelling));
};

/** `id`: the name as it was asked for. */
function describe({ modifiedAt }: InstalledModel, id: string) {
  return {
    id,
    object: 'model',
    created: Math.floor(modifiedAt / 1000),
    owned_by: parseName(id)?.namespace,
  };
}

const FOLDER = '/v1/models/';

function nameIn(path: string): string {
  const spelling = path.slice(path.indexOf(FOLDER) + FOLDER.length);
  try {
    return decodeURIComponent(spelling);
  } catch {
    return spelling; // no name has a percent sign, so none is found
  }
}
