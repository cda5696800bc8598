/**
 * `/api/paddock/network`: whether other origins may be asked for anything, and what was refused, newest first.
 * A POST of `{"off": boolean}` switches; it lasts as long as the host, so the page tells the next one.
 */
import { badRequest, flag, readBody } from '../body';
import { json } from '../http';
import type { Deps } from '../deps';
import type { Route } from '../route';

export const network: Route = (_request, deps) => Promise.resolve(answer(deps));

export const switchNetwork: Route = async (request, deps) => {
  const body = await readBody(request);
  if (!('off' in body)) throw badRequest('"off" is required');
  deps.network.switch(flag(body, 'off', false));
  return answer(deps);
};

function answer({ network: { off, refused } }: Deps): Response {
  return json({ off, refused });
}
