/** Requests in, responses out, with Ollama's content types and error bodies. */
import { errorBody, statusOf } from '#core/error-response';
import { toPaddockError } from '#core/errors';

/** An answer that is complete. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  });
}

/** An answer of one JSON object a line. */
export function ndjson(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  return new Response(stream, { headers: { 'Content-Type': 'application/x-ndjson' } });
}

export function empty(status = 200): Response {
  return new Response(null, { status });
}

export function errorResponse(thrown: unknown, status?: number): Response {
  const error = toPaddockError(thrown);
  return json(errorBody(error), status ?? statusOf(error.code));
}
