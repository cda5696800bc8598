/** How an error looks in HTTP: its status, and Ollama's body. The host and the service worker both answer so. */
import type { ErrorCode, PaddockError } from '#core/errors';

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  invalid_name: 400,
  not_supported: 400,
  no_gpu: 400,
  library_changed: 409,
  bench_running: 409,
  context_exceeded: 400,
  forbidden: 403,
  model_not_found: 404,
  no_endpoint: 404,
  wrong_method: 405,
  too_large: 413,
  unsupported_type: 415,
  aborted: 499,
  server_busy: 503,
  no_host: 503,
  other_version: 503,
};

/** The HTTP status of an answer with this code; 500 where none fits better. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/** Ollama's `{"error": …}`, with the code and the figures for those who know Paddock. */
export function errorBody(error: PaddockError): Record<string, unknown> {
  const { message, code, detail } = error;
  return Object.keys(detail).length > 0
    ? { error: message, code, detail }
    : { error: message, code };
}
