import { factsOf } from '#core/model-file';
import { readBlobHeader } from '#store/blob-header';
import { json } from '../http';
import type { Route } from '../route';

/** `POST /api/paddock/inspect?file=NAME`: what the GGUF that is the body says of itself; nothing is stored. */
export const inspect: Route = async (request) => {
  const name = new URL(request.url).searchParams.get('file') ?? '';
  const header = await readBlobHeader(await request.blob(), { parts: true });
  return json(factsOf(header, name));
};
