/** Requests in, responses out, with Ollama's content types and error bodies. */
import { toPaddockError, type ErrorCode, type PaddockError } from '#core/errors';

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  invalid_name: 400,
  not_supported: 400,
  context_exceeded: 400,
  forbidden: 403,
  model_not_found: 404,
  too_large: 413,
  unsupported_type: 415,
  aborted: 499,
  server_busy: 503,
  no_host: 503,
};

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

/** Ollama's `{"error": …}`, with the code and the figures for those who know Paddock. */
export function errorBody(error: PaddockError): Record<string, unknown> {
  const { message, code, detail } = error;
  return Object.keys(detail).length > 0
    ? { error: message, code, detail }
    : { error: message, code };
}

export function errorResponse(thrown: unknown): Response {
  const error = toPaddockError(thrown);
  return json(errorBody(error), STATUS[error.code] ?? 500);
}
