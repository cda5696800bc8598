/** What the Diagnostics page says of WebGPU and the adapter. */
import { formatBytes, formatCount } from '#core/format';
import { STORAGE_BUFFERS, WORKGROUP_STORAGE } from '#core/mlc/adapter';
import type { AdapterFacts, AdapterLimits, NoAdapterReason } from '#core/paddock-api';
import type { Findings } from './findings';
import { unlessFailed, yesNo, type Line, type WithRemedy } from './line';

const MISSING: Record<NoAdapterReason, string> = {
  insecure: 'no: the address is not secure',
  no_webgpu: 'no: this browser has none',
  no_adapter: 'no: the browser gives no graphics adapter',
  refused: 'no: the browser’s graphics do not answer',
};

export function graphicsLines(findings: Findings, withRemedy: WithRemedy): Line[] {
  const { report, page } = findings;
  const webgpu: Line = {
    label: 'WebGPU',
    value: 'yes',
    meaning: 'MLC models need it; GGUF models are faster with it.',
  };
  if (!report) {
    const value = page.secure ? `${yesNo(page.webgpu)}, as the page sees it` : MISSING.insecure;
    return [withRemedy({ ...webgpu, value }, 'webgpu')];
  }
  const { missing, adapter } = report.webgpu;
  if (missing) {
    const value =
      missing === 'no_webgpu' && page.webgpu
        ? 'no: the browser gives it to pages and not to workers'
        : MISSING[missing];
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
  const speed = () => (adapter.slow ? 'not faster than the CPU' : 'faster than the CPU');
  const kind = adapter.software
    ? `software, ${unlessFailed(findings, 'contest', speed)}`
    : 'of this device';
  return [
    withRemedy(
      {
        label: 'Adapter',
        value: `${adapter.name} (${kind})`,
        meaning: adapter.slow
          ? 'Nothing runs on it unless you ask for it.'
          : adapter.software
            ? 'MLC models that fit it run on it; GGUF models run on the CPU.'
            : 'Models that fit it run on it.',
      },
      'fast_adapter',
    ),
    withRemedy(
      {
        label: '16-bit floats (shader-f16)',
        value: yesNo(adapter.f16),
        meaning:
          'Most MLC models, and llama.cpp on WebGPU, calculate in them; Paddock’s own engine need not.',
      },
      'shader_f16',
    ),
    {
      label: 'Largest binding',
      value: formatBytes(adapter.max_binding),
      meaning:
        'The most that one step of a model may read: an MLC model’s largest matrix has to fit.',
    },
    withRemedy(
      {
        label: 'Limits of a shader',
        value: `${formatCount(adapter.workgroup_storage)} bytes a workgroup, ${formatCount(adapter.storage_buffers)} buffers`,
        meaning: `MLC models need ${formatCount(WORKGROUP_STORAGE)} and ${STORAGE_BUFFERS}.`,
      },
      'adapter_limits',
    ),
  ];
}

function factLines(findings: Findings, facts: AdapterFacts): Line[] {
  const { vendor, architecture, device, description, largest_buffer: largest } = facts;
  const made = () => (largest === null ? 'not measured' : formatBytes(largest));
  const names = [vendor, architecture, device, description].filter(Boolean);
  return [
    {
      label: 'Largest buffer made',
      value: unlessFailed(findings, 'buffer', made),
      meaning: 'Of what the adapter allows, the largest that it really gave, by halves.',
    },
    { label: 'Maker, family, model', value: names.length > 0 ? names.join(', ') : 'not told' },
  ];
}
