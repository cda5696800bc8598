/**
 * Which requests may reach the API: `fetch` from a page or worker of this site, and nothing else. A page of another
 * origin can make this browser navigate here, send a form, or load a frame; none of that shows its sender, but all
 * of it shows what it is.
 */
import { PaddockError } from '#core/errors';

/** What a FetchEvent tells of its request. */
export interface Arrival {
  clientId: string;
  resultingClientId: string;
  request: Pick<Request, 'mode' | 'destination'>;
}

/** Why `event` is not answered; null when it is `fetch` from a client of ours. */
export function refusal({ clientId, resultingClientId, request }: Arrival): PaddockError | null {
  const { mode, destination } = request;
  const byFetch = destination === '' && (mode === 'cors' || mode === 'same-origin');
  // A navigation has a resulting client; its own is empty, or the page that is left.
  if (byFetch && clientId !== '' && resultingClientId === '') return null;
  return new PaddockError(
    'forbidden',
    'The API answers fetch from the pages of this site, not navigations, forms, frames, images or scripts.',
  );
}
