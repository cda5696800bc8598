import type { ErrorCode } from '#core/errors';

/** A table, so that a code added to the union and forgotten here does not compile. */
const CODES: Record<ErrorCode, true> = {
  bad_request: true,
  model_not_found: true,
  not_in_registry: true,
  invalid_name: true,
  not_supported: true,
  model_unreadable: true,
  out_of_memory: true,
  context_exceeded: true,
  engine_failed: true,
  no_gpu: true,
  device_lost: true,
  bad_library: true,
  library_changed: true,
  runner_died: true,
  host_died: true,
  server_busy: true,
  bench_running: true,
  no_host: true,
  other_version: true,
  too_large: true,
  unsupported_type: true,
  no_endpoint: true,
  wrong_method: true,
  forbidden: true,
  network_off: true,
  network: true,
  no_cors: true,
  host_not_allowed: true,
  unauthorized: true,
  rate_limited: true,
  no_gguf: true,
  ambiguous: true,
  bad_file: true,
  missing: true,
  digest_mismatch: true,
  bad_manifest: true,
  storage_full: true,
  storage_denied: true,
  storage_missing: true,
  storage_failed: true,
  aborted: true,
  internal: true,
};

export const ERROR_CODES = Object.keys(CODES) as ErrorCode[];

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(CODES, value);
}
