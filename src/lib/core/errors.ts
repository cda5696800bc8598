/**
 * Errors as they travel: a code from a closed union, and the figures that a sentence needs.
 * Words and remedies are made at the edge, in `sentences.ts`.
 */
export type ErrorCode =
  | 'bad_request' // the request itself is wrong
  | 'model_not_found' // no such model on this device
  | 'not_in_registry' // the registry has no such model
  | 'invalid_name'
  | 'not_supported' // the model or Paddock cannot do this
  | 'model_unreadable' // not a GGUF, or a damaged one
  | 'out_of_memory' // detail: what was needed, as far as known; next_context (tokens); backend (`webgpu`: in a load there); as device_lost
  | 'context_exceeded' // detail: promptTokens, contextLength
  | 'engine_failed' // the engine reported an error
  | 'no_gpu' // the model needs WebGPU; detail: missing (`adapter`, a feature, a limit), needed?, given?, twin? (a model), silent? (no answer), gone? (it was there), wrong? (it computes wrong), report? (of that, to send)
  | 'device_lost' // the browser took the graphics adapter away; detail, from the second in a row: times, offer (`cpu`, `twin`), twin; from a runner: idle (before it was asked)
  | 'bad_library' // an MLC model's library cannot be used; detail: recorded?, needed? (web-llm's versions)
  | 'library_changed' // another one came from where a known one was; detail: url or model, recorded, found (digests)
  | 'runner_died' // the runner's worker ended without an answer, or fell silent; detail: silent? (it was ended), and as device_lost
  | 'host_died' // the host's worker ended without an answer
  | 'server_busy'
  | 'bench_running' // one benchmark at a time
  | 'no_host' // no tab hosts: nobody to answer
  | 'other_version' // the host is of another build
  | 'too_large' // the request's body; detail: limit (bytes)
  | 'unsupported_type' // the request's Content-Type
  | 'no_endpoint' // the API has no such path
  | 'wrong_method' // the path has other verbs
  | 'forbidden' // not for this kind of request
  | 'network_off' // the person switched the network off; detail: url
  | 'network' // could not reach, or was cut off; detail: url
  | 'no_cors' // the host answers, and lets no other site read it; detail: url
  | 'host_not_allowed' // the deployer's policy lacks the host; detail: url
  | 'unauthorized' // 401 or 403: a token is missing, or has no access; detail: url, status
  | 'rate_limited' // 429; detail: url
  | 'no_gguf' // a repository without a file that runs here
  | 'ambiguous' // several files match
  | 'bad_file' // a file that was chosen cannot be read; message: the whole sentence; detail: remedy
  | 'missing' // 404, or a page where data should be; detail: url
  | 'digest_mismatch' // detail: expected, got
  | 'bad_manifest' // the answer has not the shape of a manifest or a parts list
  | 'storage_full' // detail: needed, free (bytes)
  | 'storage_denied' // the browser refuses this site its storage
  | 'storage_missing' // the browser lacks OPFS or IndexedDB; detail: lacking
  | 'storage_failed' // a write or read failed for another reason
  | 'aborted' // somebody asked to stop: not a failure
  | 'internal';

export type ErrorDetail = Record<string, string | number | boolean>;

/** An error in a message. */
export interface WireError {
  code: ErrorCode;
  message: string;
  detail?: ErrorDetail;
}

export class PaddockError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.name = code === 'aborted' ? 'AbortError' : 'PaddockError';
    this.code = code;
    this.detail = detail;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Any thrown value as a PaddockError; the code is known, `aborted`, or `fallback`. */
export function toPaddockError(error: unknown, fallback: ErrorCode = 'internal'): PaddockError {
  if (error instanceof PaddockError) return error;
  if (isAbort(error)) return new PaddockError('aborted', 'The operation was stopped.');
  return new PaddockError(fallback, error instanceof Error ? error.message : String(error));
}

export function toWire(error: unknown, fallback: ErrorCode = 'internal'): WireError {
  const { code, message, detail } = toPaddockError(error, fallback);
  return Object.keys(detail).length > 0 ? { code, message, detail } : { code, message };
}

export function fromWire(wire: WireError): PaddockError {
  return new PaddockError(wire.code, wire.message, wire.detail);
}
