/** The edge where an error's code and figures become words: what happened and why, then what to do. */
import * as m from '#core/messages/errors';
import type { ErrorCode, ErrorDetail, WireError } from '#core/errors';
import { formatBytes, formatCount } from '#core/format';
import { STARTER } from '#core/starter';

export interface Explanation {
  /** What happened and why. */
  sentence: string;
  /** What to do about it. */
  remedy: string;
}

type Writer = (detail: ErrorDetail, message: string) => Explanation;

/** Words for `error`, with its figures where it carries them. */
export function explain(error: WireError): Explanation {
  return WRITERS[error.code](error.detail ?? {}, error.message);
}

/** Both halves as one text, for a line that has no room for two. */
export function explainInLine(error: WireError): string {
  const { sentence, remedy } = explain(error);
  return `${sentence} ${remedy}`;
}

function say(sentence: () => string, remedy: () => string): Writer {
  return () => ({ sentence: sentence(), remedy: remedy() });
}

const WRITERS: Record<ErrorCode, Writer> = {
  bad_request: (_, message) => ({
    sentence: m.errors_not_understood({ reason: clause(message) }),
    remedy: m.errors_bad_request_do(),
  }),
  not_json: (_, message) => ({
    sentence: m.errors_not_json({ reason: clause(message) }),
    remedy: m.errors_not_json_do(),
  }),
  model_not_found: (detail) => ({
    sentence: named(detail, m.errors_model_not_found, m.errors_this_not_found),
    remedy: m.errors_model_not_found_do(),
  }),
  not_in_registry: (detail) => ({
    sentence: notInRegistry(detail),
    remedy: detail.tags
      ? m.errors_registry_tags({ tags: String(detail.tags) })
      : m.errors_registry_spelling({ example: STARTER.name }),
  }),
  invalid_name: (detail) => ({
    sentence: named(detail, m.errors_invalid_name, m.errors_this_invalid),
    remedy: m.errors_invalid_name_do({ example: STARTER.name }),
  }),
  not_supported: (_, message) => ({
    sentence: m.errors_not_supported({ reason: clause(message) }),
    remedy: m.errors_not_supported_do(),
  }),
  model_unreadable: (_, message) => ({
    sentence: m.errors_unreadable({ reason: clause(message) }),
    remedy: m.errors_model_unreadable_do(),
  }),
  out_of_memory: (detail, message) => {
    if (has(detail, 'offered')) {
      const remedy = m.errors_memory_offered({ count: count(detail.offered) });
      return { sentence: `${clause(message)}.`, remedy };
    }
    return {
      sentence: outOfMemory(detail),
      remedy: again(
        detail,
        has(detail, 'next_context')
          ? m.errors_memory_next({ count: count(detail.next_context) })
          : m.errors_memory_do(),
      ),
    };
  },
  context_exceeded: (detail) => ({
    sentence: has(detail, 'promptTokens', 'contextLength')
      ? m.errors_context_counts({
          prompt: count(detail.promptTokens),
          context: count(detail.contextLength),
        })
      : m.errors_context(),
    remedy: m.errors_context_do(),
  }),
  engine_failed: (_, message) => ({
    sentence: m.errors_engine({ reason: clause(message) }),
    remedy: m.errors_engine_do(),
  }),
  no_gpu: (detail) => ({
    sentence: noGpu(detail),
    remedy: withoutGpu(detail),
  }),
  device_lost: (detail) => ({
    sentence: m.errors_device_lost(),
    remedy: again(detail, m.errors_device_lost_do()),
  }),
  bad_library: (detail, message) => ({
    sentence:
      detail.recorded && detail.needed
        ? m.errors_library_version({
            recorded: String(detail.recorded),
            needed: String(detail.needed),
          })
        : m.errors_bad_library({ reason: clause(message) }),
    remedy: m.errors_bad_library_do(),
  }),
  library_changed: (detail) => ({
    sentence: detail.url
      ? m.errors_library_changed_at({ host: host(detail) })
      : m.errors_library_changed(),
    remedy: m.errors_library_changed_do(),
  }),
  runner_died: (detail) => ({
    sentence: detail.silent ? m.errors_runner_silent() : m.errors_runner_died(),
    remedy: again(detail, m.errors_runner_died_do()),
  }),
  host_died: say(m.errors_host_died, m.errors_again_or_reload),
  server_busy: say(m.errors_busy, m.errors_busy_do),
  bench_running: say(m.errors_bench, m.errors_bench_do),
  no_host: say(m.errors_no_host, m.errors_no_host_do),
  other_version: ({ storage }) => ({
    sentence: storage ? m.errors_newer_storage() : m.errors_other_version(),
    remedy: m.errors_other_version_do(),
  }),
  too_large: (detail) => ({
    sentence: has(detail, 'limit')
      ? m.errors_too_large_limit({ limit: bytes(detail.limit) })
      : m.errors_too_large(),
    remedy: m.errors_too_large_do(),
  }),
  unsupported_type: (_, message) => ({
    sentence: m.errors_not_understood({ reason: clause(message) }),
    remedy: m.errors_type_do(),
  }),
  no_endpoint: (_, message) => ({
    sentence: m.errors_not_understood({ reason: clause(message) }),
    remedy: m.errors_endpoint_do(),
  }),
  wrong_method: (_, message) => ({
    sentence: m.errors_not_understood({ reason: clause(message) }),
    remedy: m.errors_method_do(),
  }),
  forbidden: (_, message) => ({
    sentence: m.errors_forbidden({ reason: clause(message) }),
    remedy: m.errors_forbidden_do(),
  }),
  network_off: (detail) => ({
    sentence: m.errors_network_off({ host: host(detail) }),
    remedy: m.errors_network_off_do(),
  }),
  not_kept: ({ newer }) =>
    newer
      ? {
          sentence: m.errors_part_newer(),
          remedy: m.errors_part_newer_do(),
        }
      : {
          sentence: m.errors_part_offline(),
          remedy: m.errors_part_offline_do(),
        },
  network: (detail) => ({
    sentence: m.errors_network({ host: host(detail) }),
    remedy: m.errors_network_do(),
  }),
  no_cors: (detail) => ({
    sentence: detail.unsure
      ? m.errors_cors_unsure({ host: host(detail) })
      : m.errors_cors({ host: host(detail) }),
    remedy: m.errors_cors_do(),
  }),
  host_not_allowed: (detail) => ({
    sentence: (detail.instead ? m.errors_not_nameable : m.errors_not_allowed)({
      host: host(detail),
    }),
    remedy: detail.instead
      ? m.errors_write_instead({ address: String(detail.instead) })
      : m.errors_not_allowed_do(),
  }),
  unauthorized: (detail) => ({
    sentence:
      detail.status === 401
        ? m.errors_no_access({ host: host(detail) })
        : m.errors_closed({ host: host(detail) }),
    remedy: m.errors_token_do(),
  }),
  rate_limited: (detail) => ({
    sentence: m.errors_rate({ host: host(detail) }),
    remedy: m.errors_rate_do(),
  }),
  no_gguf: (_, message) => ({
    sentence: m.errors_no_gguf({ reason: clause(message) }),
    remedy: m.errors_no_gguf_do(),
  }),
  ambiguous: (_, message) => ({
    sentence: m.errors_ambiguous({ reason: clause(message) }),
    remedy: m.errors_ambiguous_do(),
  }),
  bad_file: (detail, message) => ({
    sentence: detail.remedy ? `${clause(message)}.` : m.errors_bad_file(),
    remedy: word(detail, 'remedy', m.errors_bad_file_do()),
  }),
  missing: (detail) => ({
    sentence: m.errors_missing({ host: host(detail) }),
    remedy: m.errors_missing_do(),
  }),
  digest_mismatch: say(m.errors_digest, m.errors_digest_do),
  bad_manifest: (_, message) => ({
    sentence: m.errors_manifest({ reason: clause(message) }),
    remedy: m.errors_manifest_do(),
  }),
  storage_full: (detail) => ({
    sentence: storageFull(detail),
    remedy: m.errors_full_do(),
  }),
  storage_denied: say(m.errors_denied, m.errors_denied_do),
  storage_missing: (detail) => ({
    sentence: lacking(detail),
    remedy: m.errors_lacking_do(),
  }),
  storage_failed: ({ busy }, message) => ({
    sentence: m.errors_storage({ reason: clause(message) }),
    remedy: busy ? m.errors_storage_busy_do() : m.errors_storage_failed_do(),
  }),
  aborted: say(m.errors_aborted, m.errors_aborted_do),
  internal: (_, message) => ({
    sentence: m.errors_internal({ reason: clause(message) }),
    remedy: m.errors_again_or_reload(),
  }),
};

/** What helps after a second loss in a row, or in a load that would fail so again. */
function again({ offer, twin, times }: ErrorDetail, otherwise: string): string {
  const told = times === undefined ? [] : [m.errors_again()];
  if (offer === 'cpu') return [...told, m.errors_on_cpu()].join(' ');
  if (offer !== 'twin') return otherwise;
  const choose = twin ? m.errors_twin({ model: String(twin) }) : m.errors_twin_gguf();
  return [...told, choose].join(' ');
}

/** Of `missing`: an adapter, a feature by its name, or a limit by its name with both figures. */
function noGpu(detail: ErrorDetail): string {
  const missing = word(detail, 'missing', 'adapter');
  if (detail.wrong) return m.errors_gpu_wrong();
  if (missing === 'adapter') {
    if (detail.silent) return m.errors_gpu_silent();
    return detail.gone ? m.errors_gpu_gone() : m.errors_gpu_none();
  }
  if (!has(detail, 'needed', 'given')) return m.errors_gpu_lacks({ missing });
  const figures = { needed: count(detail.needed), given: count(detail.given) };
  return m.errors_gpu_lacks_figures({ missing, ...figures });
}

function withoutGpu({ twin, silent, gone, wrong }: ErrorDetail): string {
  if (wrong) return m.errors_gpu_wrong_do();
  if (twin) {
    const model = { model: String(twin) };
    if (silent) return m.errors_gpu_silent_twin(model);
    return gone ? m.errors_gpu_gone_twin(model) : m.errors_gpu_twin(model);
  }
  if (silent) return m.errors_gpu_silent_gguf();
  return gone ? m.errors_gpu_gone_gguf() : m.errors_twin_gguf();
}

/** Of the model's own name where the error knows it. */
function named(
  { model }: ErrorDetail,
  one: (said: { model: string }) => string,
  unnamed: () => string,
): string {
  return typeof model === 'string' && model !== '' ? one({ model }) : unnamed();
}

function notInRegistry(detail: ErrorDetail): string {
  const at = { host: host(detail) };
  return detail.url
    ? named(
        detail,
        ({ model }) => m.errors_registry_host({ model, ...at }),
        () => m.errors_registry_host_that(at),
      )
    : named(detail, m.errors_registry_site, m.errors_registry_site_that);
}

function outOfMemory(detail: ErrorDetail): string {
  if (has(detail, 'needed', 'free')) {
    return m.errors_memory({ needed: bytes(detail.needed), free: bytes(detail.free) });
  }
  const gpu = detail.backend === 'webgpu';
  if (!has(detail, 'weights', 'cache')) {
    return gpu ? m.errors_memory_more_gpu() : m.errors_memory_more();
  }
  const parts = { weights: bytes(detail.weights), cache: bytes(detail.cache) };
  return gpu ? m.errors_memory_parts_gpu(parts) : m.errors_memory_parts(parts);
}

function lacking(detail: ErrorDetail): string {
  const what = word(detail, 'lacking', '');
  return what === '' ? m.errors_lacking_files() : m.errors_lacking({ what });
}

/** More than any chat takes, in bytes: a write that fails beside so much room met a full disk. */
const AMPLE = 10_000_000;

function storageFull(detail: ErrorDetail): string {
  if (has(detail, 'needed', 'free')) {
    return m.errors_full_free({ needed: bytes(detail.needed), free: bytes(detail.free) });
  }
  if (has(detail, 'needed')) {
    return m.errors_full_less({ needed: bytes(detail.needed) });
  }
  if (!has(detail, 'free', 'quota')) return m.errors_full();
  return Number(detail.free) > AMPLE
    ? m.errors_full_disk({ free: bytes(detail.free) })
    : m.errors_full_quota({ free: bytes(detail.free), quota: bytes(detail.quota) });
}

/** A foreign message as the end of our sentence: no full stop of its own, never empty. */
function clause(message: string): string {
  return message.trim().replace(/[.\s]+$/, '') || m.errors_no_reason();
}

function has(detail: ErrorDetail, ...keys: string[]): boolean {
  return keys.every((key) => typeof detail[key] === 'number');
}

function bytes(value: ErrorDetail[string] | undefined): string {
  return formatBytes(Number(value));
}

function count(value: ErrorDetail[string] | undefined): string {
  return formatCount(Number(value));
}

function word(detail: ErrorDetail, key: string, otherwise: string): string {
  const value = detail[key];
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function host(detail: ErrorDetail): string {
  const url = word(detail, 'url', '');
  return URL.canParse(url) ? new URL(url).host : m.errors_the_site();
}
