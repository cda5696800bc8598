/** The host's log of requests (`#core/paddock-api`). */
import type { RequestLog } from '#core/paddock-api';
import { askHost, getJson, postJson } from '$lib/client/ask-host';

const PATH = 'api/paddock/requests';

/** @throws PaddockError */
export function readRequestLog(): Promise<RequestLog> {
  return getJson<RequestLog>(PATH);
}

/** @throws PaddockError */
export function switchRequestLog(on: boolean): Promise<RequestLog> {
  return postJson<RequestLog>(PATH, { on });
}

/** @throws PaddockError */
export async function clearRequestLog(): Promise<RequestLog> {
  return (await (await askHost(PATH, { method: 'DELETE' })).json()) as RequestLog;
}
