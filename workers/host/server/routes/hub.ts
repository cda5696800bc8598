/** `/api/paddock/hub`: see `HubSetting`. */
import type { HubSetting } from '#core/paddock-api';
import { badRequest, readBody, text } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import type { Route } from '../route';

export const hub: Route = (_request, deps) => answer(deps);

export const setHub: Route = async (request, deps) => {
  const body = await readBody(request);
  if (!('mirror' in body)) throw badRequest('"mirror" is required; null stands for the hub itself');
  await deps.access.setMirror(body.mirror === null ? null : text(body, 'mirror'));
  return answer(deps);
};

async function answer({ access }: Deps): Promise<Response> {
  return json({ mirror: await access.mirror() } satisfies HubSetting);
}
