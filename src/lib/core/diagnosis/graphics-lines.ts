/** What the Diagnostics page says of WebGPU and the adapter. */
import * as m from '#core/messages/diagnostics';
import { formatBytes, formatCount } from '#core/format';
import { STORAGE_BUFFERS, WORKGROUP_STORAGE } from '#core/mlc/adapter';
import type { AdapterFacts, AdapterLimits, NoAdapterReason } from '#core/paddock-api';
import type { Findings } from './findings';
import { unlessFailed, yesNo, type Line, type WithRemedy } from './line';

const MISSING: Record<NoAdapterReason, () => string> = {
  insecure: m.diagnostics_insecure,
  no_webgpu: m.diagnostics_webgpu_none,
  no_adapter: m.diagnostics_webgpu_adapter,
  refused: m.diagnostics_webgpu_refused,
};

export function graphicsLines(findings: Findings, withRemedy: WithRemedy): Line[] {
  const { report, page } = findings;
  const webgpu: Line = {
    label: 'WebGPU',
    value: yesNo(true),
    meaning: m.diagnostics_webgpu_meaning(),
  };
  if (!report) {
    const seen = page.webgpu ? m.diagnostics_webgpu_page_yes : m.diagnostics_webgpu_page_no;
    const value = page.secure ? seen() : MISSING.insecure();
    return [withRemedy({ ...webgpu, value }, 'webgpu')];
  }
  const { missing, adapter } = report.webgpu;
  if (missing) {
    const value =
      missing === 'no_webgpu' && page.webgpu ? m.diagnostics_webgpu_pages() : MISSING[missing]();
    const why = report.failed.adapter;
    return [
      withRemedy(
        { ...webgpu, value: why === undefined ? value : `${value} (${why})` },
        ...(['webgpu', 'webgpu_in_workers', 'adapter', 'adapter_answer'] as const),
      ),
    ];
  }
  const lines = [webgpu];
  if (report.adapter) lines.push(...limitLines(findings, report.adapter, withRemedy));
  if (adapter) lines.push(...factLines(findings, adapter));
  return lines;
}

function limitLines(findings: Findings, adapter: AdapterLimits, withRemedy: WithRemedy): Line[] {
  const speed = () => (adapter.slow ? m.diagnostics_slower() : m.diagnostics_faster());
  const { name } = adapter;
  const value = adapter.software
    ? m.diagnostics_adapter_software({ name, speed: unlessFailed(findings, 'contest', speed) })
    : m.diagnostics_adapter_real({ name });
  return [
    withRemedy(
      {
        label: m.diagnostics_adapter(),
        value,
        meaning: adapter.slow
          ? m.diagnostics_adapter_unasked()
          : adapter.software
            ? m.diagnostics_adapter_mlc()
            : m.diagnostics_adapter_all(),
      },
      'fast_adapter',
    ),
    withRemedy(
      {
        label: m.diagnostics_f16(),
        value: yesNo(adapter.f16),
        meaning: m.diagnostics_f16_meaning(),
      },
      'shader_f16',
    ),
    {
      label: m.diagnostics_binding(),
      value: formatBytes(adapter.max_binding),
      meaning: m.diagnostics_binding_meaning(),
    },
    withRemedy(
      {
        label: m.diagnostics_limits(),
        value: m.diagnostics_limits_value({
          storage: formatCount(adapter.workgroup_storage),
          buffers: formatCount(adapter.storage_buffers),
        }),
        meaning: m.diagnostics_limits_meaning({
          storage: formatCount(WORKGROUP_STORAGE),
          buffers: STORAGE_BUFFERS,
        }),
      },
      'adapter_limits',
    ),
  ];
}

function factLines(findings: Findings, facts: AdapterFacts): Line[] {
  const { vendor, architecture, device, description, largest_buffer: largest } = facts;
  const made = () => (largest === null ? m.diagnostics_buffer_unmeasured() : formatBytes(largest));
  const names = [vendor, architecture, device, description].filter(Boolean);
  return [
    {
      label: m.diagnostics_buffer(),
      value: unlessFailed(findings, 'buffer', made),
      meaning: m.diagnostics_buffer_meaning(),
    },
    {
      label: m.diagnostics_maker(),
      value: names.length > 0 ? names.join(', ') : m.diagnostics_untold(),
    },
  ];
}
