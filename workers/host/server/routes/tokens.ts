/** `/api/paddock/tokens`: see `TokenHosts`. No answer repeats a token. */
import { PaddockError } from '#core/errors';
import type { TokenHosts } from '#core/paddock-api';
import { badRequest, readBody, text } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import type { Route } from '../route';

export const tokens: Route = (_request, deps) => answer(deps);

export const setToken: Route = async (request, deps) => {
  const body = await readBody(request).catch(withoutText);
  if (!('token' in body)) throw badRequest('"token" is required; null forgets it');
  const token = body.token === null ? null : text(body, 'token');
  await deps.access.setToken(text(body, 'host'), token);
  return answer(deps);
};

/** A parser's words repeat some of what it was given, which may be the token. */
function withoutText(error: unknown): never {
  const wrong = error instanceof PaddockError && error.code === 'bad_request';
  throw wrong ? badRequest('the request body is not a JSON object') : error;
}

async function answer({ access }: Deps): Promise<Response> {
  return json({ hosts: await access.tokenHosts() } satisfies TokenHosts);
}
