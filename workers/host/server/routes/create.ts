import { PaddockError } from '#core/errors';
import { parseName } from '#core/names';
import { flag, readBody } from '../body';
import { draftOf } from '../create/draft';
import { readCreate, type CreateRequest } from '../create/request';
import type { Deps } from '../deps';
import type { Route } from '../route';
import { answerStatuses } from '../statuses';

/** `POST /api/create`: a model of files that are here, or of another model. */
export const create: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const stream = flag(body, 'stream', true);
  const asked = await readCreate(body);
  return answerStatuses((stopped) => creating(deps, asked, stopped), stream, signal);
};

async function* creating(deps: Deps, asked: CreateRequest, signal: AbortSignal) {
  const base = asked.from === '' ? null : yield* findBase(deps, asked.from, signal);
  const built = await deps.registry.install(asked.name, await draftOf(deps, asked, base));
  for (const { digest, existed } of built.layers) {
    yield { status: `${existed ? 'using existing' : 'creating new'} layer ${digest}` };
  }
  yield { status: 'writing manifest' };
  yield { status: 'success' };
}

/** A model that is not here is pulled first, as Ollama does. */
async function* findBase({ registry }: Deps, spelling: string, signal: AbortSignal) {
  const name = parseName(spelling);
  if (!name) throw new PaddockError('invalid_name', 'invalid model name');
  const there = await registry.get(name);
  if (there) return there;
  for await (const status of registry.pull({ name }, signal)) {
    if (status.status !== 'success') yield status;
  }
  const pulled = await registry.get(name);
  if (!pulled) throw new PaddockError('model_not_found', `model '${spelling}' not found`);
  return pulled;
}
