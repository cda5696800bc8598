/** A request of OpenAI's API as one to the native route that does the work, and its answer back. */
import { isErrorCode } from '#core/error-codes';
import { statusOf } from '#core/error-response';
import { openAiError } from '#core/openai-error';
import { readLines } from '#core/read-lines';
import { eventStream } from '#core/sse';
import type { Body } from '../body';
import type { Deps } from '../deps';
import type { Route } from '../route';
import { stopWith } from '../stop-with';
import { openAiJson, passError } from './http';

/** How a native answer is told; one a request, since it knows what it has said. */
export interface Dialect<Native> {
  whole(native: Native): object;
  /** Those that a line of the native stream becomes. */
  chunks(native: Native): object[];
}

/** What a stream's line has beside what is read of it; an error is the last one. */
interface Line {
  done?: boolean;
  error?: string;
  code?: string;
}

/** The last event of a stream that came to its end. */
const DONE = '[DONE]';

/** The native route's answer to `body`. @throws what the route throws */
export function askNative(
  route: Route,
  { url }: Request,
  body: Body,
  deps: Deps,
  signal: AbortSignal,
): Promise<Response> {
  return route(new Request(url, { method: 'POST', body: JSON.stringify(body) }), deps, signal);
}

/** Answers `request`: a stream where the native body asks for one. @throws what the route throws */
export async function viaNative<Native extends object>(
  route: Route,
  request: Request,
  body: Body & { stream: boolean },
  dialect: Dialect<Native>,
  deps: Deps,
  signal: AbortSignal,
): Promise<Response> {
  const controller = stopWith(signal);
  const native = await askNative(route, request, body, deps, controller.signal);
  if (!native.ok) return passError(native);
  if (!body.stream) return openAiJson(dialect.whole((await native.json()) as Native));
  const stream = eventStream(events(native, dialect), () => controller.abort());
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
}

/** An error, which is told in its envelope, ends them without the last event. */
async function* events<Native extends object>(native: Response, dialect: Dialect<Native>) {
  for await (const line of readLines<Native & Line>(native)) {
    if (line.error !== undefined) {
      const status = statusOf(isErrorCode(line.code) ? line.code : 'internal');
      yield JSON.stringify(openAiError(line.error, status));
      return;
    }
    for (const chunk of dialect.chunks(line)) yield JSON.stringify(chunk);
    if (line.done) yield DONE;
  }
}
