/** The Diagnostics page's lines, in groups: a value, what it means for models, and what to do where it is missing. */
import * as m from '#core/messages/diagnostics';
import { formatBytes, formatCount } from '#core/format';
import type { Findings } from './findings';
import { graphicsLines } from './graphics-lines';
import { lacks } from './lacks';
import { unlessFailed, yesNo, type Line, type WithRemedy } from './line';
import { remedy } from './remedies';

export interface Group {
  /** One word, lower case: the section's id. */
  id: string;
  title: string;
  lines: Line[];
}

export function groupsOf(findings: Findings): Group[] {
  const { page } = findings;
  const missing = new Set(lacks(findings));
  const withRemedy: WithRemedy = (line, ...which) => {
    const lack = which.find((one) => missing.has(one));
    return lack ? { ...line, remedy: remedy(lack, page.browser) } : line;
  };
  return [
    { id: 'graphics', title: m.diagnostics_graphics(), lines: graphicsLines(findings, withRemedy) },
    { id: 'processor', title: m.diagnostics_processor(), lines: processor(findings, withRemedy) },
    { id: 'memory', title: m.diagnostics_memory(), lines: memory(findings, withRemedy) },
    { id: 'storage', title: m.diagnostics_storage(), lines: storage(findings, withRemedy) },
    { id: 'browser', title: m.diagnostics_browser(), lines: browser(findings, withRemedy) },
    { id: 'paddock', title: 'Paddock', lines: paddock(findings) },
  ].filter(({ lines }) => lines.length > 0);
}

function processor({ report, page }: Findings, withRemedy: WithRemedy): Line[] {
  const { wasm } = page;
  const isolated = report?.isolated ?? page.isolated;
  const lines: Line[] = [
    {
      label: m.diagnostics_cores(),
      value: formatCount(page.cores),
      meaning: m.diagnostics_cores_meaning(),
    },
  ];
  if (report) {
    lines.push({
      label: m.diagnostics_threads(),
      value: formatCount(report.threads),
      meaning: m.diagnostics_threads_meaning(),
    });
  }
  lines.push(
    withRemedy(
      {
        label: m.diagnostics_isolated(),
        value: isolated
          ? m.diagnostics_isolated_yes()
          : page.secure
            ? m.diagnostics_isolated_no()
            : m.diagnostics_insecure(),
        meaning: m.diagnostics_isolated_meaning(),
      },
      'isolation',
    ),
    withRemedy(
      {
        label: m.diagnostics_simd(),
        value: yesNo(wasm.simd),
        meaning: m.diagnostics_simd_meaning(),
      },
      'simd',
    ),
    withRemedy(
      {
        label: m.diagnostics_relaxed_simd(),
        value: yesNo(wasm.relaxed_simd),
        meaning: m.diagnostics_relaxed_simd_meaning(),
      },
      'relaxed_simd',
    ),
    {
      label: m.diagnostics_atomics(),
      value: yesNo(wasm.threads),
      meaning: m.diagnostics_atomics_meaning(),
    },
    {
      label: m.diagnostics_exceptions(),
      value: yesNo(wasm.exceptions),
      meaning: m.diagnostics_exceptions_meaning(),
    },
    withRemedy(
      {
        label: m.diagnostics_newer_wasm(),
        value: `${yesNo(wasm.memory64)}, ${yesNo(wasm.jspi)}`,
        meaning: m.diagnostics_newer_wasm_meaning(),
      },
      'newer_wasm',
    ),
  );
  return lines;
}

function memory({ report }: Findings, withRemedy: WithRemedy): Line[] {
  if (!report) return [];
  const { memory32, device_memory: device } = report;
  return [
    withRemedy(
      {
        label: m.diagnostics_memory32(),
        value: memory32 > 0 ? formatBytes(memory32) : m.diagnostics_memory_none(),
        meaning: m.diagnostics_memory32_meaning(),
      },
      'memory',
    ),
    {
      label: m.diagnostics_device(),
      value:
        device === null
          ? m.diagnostics_untold()
          : m.diagnostics_device_about({ bytes: formatBytes(device) }),
      meaning: m.diagnostics_device_meaning(),
    },
  ];
}

function storage(findings: Findings, withRemedy: WithRemedy): Line[] {
  const { report, page } = findings;
  if (page.storage_denied) {
    return [
      withRemedy(
        { label: m.diagnostics_kept_in(), value: m.diagnostics_kept_in_nothing() },
        'storage',
      ),
    ];
  }
  if (!report) return [];
  const { kind, reason, quota, usage, persisted } = report.storage;
  const place = kind === 'opfs' ? m.diagnostics_kept_in_opfs() : m.diagnostics_kept_in_database();
  const room = () =>
    quota === null ? m.diagnostics_untold() : m.diagnostics_quota_of({ bytes: formatBytes(quota) });
  return [
    withRemedy(
      {
        label: m.diagnostics_kept_in(),
        value: place,
        meaning: reason ?? m.diagnostics_kept_in_meaning(),
      },
      'files',
    ),
    withRemedy(
      {
        label: m.diagnostics_quota(),
        value: unlessFailed(findings, 'storage', room),
        meaning: m.diagnostics_quota_meaning(),
      },
      'room',
    ),
    {
      label: m.diagnostics_used(),
      value: usage === null ? m.diagnostics_untold() : formatBytes(usage),
      meaning: m.diagnostics_used_meaning(),
    },
    withRemedy(
      {
        label: m.diagnostics_persisted(),
        value:
          persisted === null
            ? m.diagnostics_untold()
            : persisted
              ? yesNo(true)
              : notKept(page.persist),
        meaning: m.diagnostics_persisted_meaning(),
      },
      'persistence',
    ),
  ];
}

function notKept(persist: PermissionState | null): string {
  return persist === 'denied' ? m.diagnostics_persisted_denied() : m.diagnostics_persisted_ask();
}

const SERVICE_WORKER = {
  unsupported: m.diagnostics_worker_unsupported,
  none: m.diagnostics_worker_none,
  starting: m.diagnostics_worker_starting,
  idle: m.diagnostics_worker_idle,
  controls: m.diagnostics_worker_controls,
};

function browser({ page }: Findings, withRemedy: WithRemedy): Line[] {
  const { name, version, system, system_version, architecture, mobile } = page.browser;
  const on = [system, system_version, architecture].filter(Boolean).join(' ');
  return [
    { label: m.diagnostics_browser(), value: `${name} ${version}`.trim() },
    { label: m.diagnostics_system(), value: mobile ? m.diagnostics_mobile({ system: on }) : on },
    { label: m.diagnostics_languages(), value: page.languages.join(', ') },
    withRemedy(
      {
        label: m.diagnostics_secure(),
        value: yesNo(page.secure),
        meaning: m.diagnostics_secure_meaning(),
      },
      'secure',
    ),
    withRemedy(
      {
        label: m.diagnostics_worker(),
        value: SERVICE_WORKER[page.service_worker](),
        meaning: m.diagnostics_worker_meaning(),
      },
      'service_worker',
      'control',
    ),
  ];
}

function paddock({ report }: Findings): Line[] {
  if (!report) return [];
  const { versions } = report;
  return [
    { label: m.diagnostics_version(), value: versions.paddock },
    { label: m.diagnostics_protocol(), value: formatCount(versions.protocol) },
    { label: 'WebLLM', value: versions.webllm, meaning: m.diagnostics_webllm_meaning() },
    {
      label: 'wllama',
      value: versions.wllama,
      meaning: m.diagnostics_wllama_meaning(),
    },
    { label: m.diagnostics_measured(), value: report.measured_at },
  ];
}
