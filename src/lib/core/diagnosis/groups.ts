/** The Diagnostics page's lines, in groups: a value, what it means for models, and what to do where it is missing. */
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
    { id: 'graphics', title: 'Graphics', lines: graphicsLines(findings, withRemedy) },
    { id: 'processor', title: 'Processor', lines: processor(findings, withRemedy) },
    { id: 'memory', title: 'Memory', lines: memory(findings, withRemedy) },
    { id: 'storage', title: 'Storage', lines: storage(findings, withRemedy) },
    { id: 'browser', title: 'Browser', lines: browser(findings, withRemedy) },
    { id: 'paddock', title: 'Paddock', lines: paddock(findings) },
  ].filter(({ lines }) => lines.length > 0);
}

function processor({ report, page }: Findings, withRemedy: WithRemedy): Line[] {
  const { wasm } = page;
  const isolated = report?.isolated ?? page.isolated;
  const lines: Line[] = [
    {
      label: 'Cores',
      value: formatCount(page.cores),
      meaning: 'As the browser counts them; some name fewer than there are.',
    },
  ];
  if (report) {
    lines.push({
      label: 'Threads for a model',
      value: formatCount(report.threads),
      meaning: 'The most that an engine may use; it takes fewer where more would not be faster.',
    });
  }
  lines.push(
    withRemedy(
      {
        label: 'Threads share memory',
        value: isolated
          ? 'yes: the page is isolated'
          : page.secure
            ? 'no: the isolation headers did not come'
            : 'no: the address is not secure',
        meaning: 'Without it a model runs on one thread.',
      },
      'isolation',
    ),
    withRemedy(
      {
        label: 'WebAssembly SIMD',
        value: yesNo(wasm.simd),
        meaning: 'Every engine on the CPU needs it.',
      },
      'simd',
    ),
    withRemedy(
      {
        label: 'Relaxed SIMD',
        value: yesNo(wasm.relaxed_simd),
        meaning: 'Faster sums for engines that know it.',
      },
      'relaxed_simd',
    ),
    {
      label: 'Atomics and shared memory',
      value: yesNo(wasm.threads),
      meaning: 'What threads are made of.',
    },
    {
      label: 'WebAssembly exceptions',
      value: yesNo(wasm.exceptions),
      meaning: 'How llama.cpp ends a load that went wrong.',
    },
    withRemedy(
      {
        label: '64-bit memory and JSPI',
        value: `${yesNo(wasm.memory64)}, ${yesNo(wasm.jspi)}`,
        meaning: 'With both, llama.cpp runs in its faster build.',
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
        label: 'Largest 32-bit memory',
        value: memory32 > 0 ? formatBytes(memory32) : 'none',
        meaning:
          'What could be reserved at once. Paddock’s own engine takes several for a large model.',
      },
      'memory',
    ),
    {
      label: 'Memory of this device',
      value: device === null ? 'not told' : `about ${formatBytes(device)}, or more`,
      meaning: 'Browsers round it and name 8 or 32 GB at most; Firefox and Safari do not tell.',
    },
  ];
}

function storage(findings: Findings, withRemedy: WithRemedy): Line[] {
  const { report, page } = findings;
  if (page.storage_denied) {
    return [withRemedy({ label: 'Models are kept in', value: 'nothing: refused' }, 'storage')];
  }
  if (!report) return [];
  const { kind, reason, quota, usage, persisted } = report.storage;
  const place = kind === 'opfs' ? 'files of this site (OPFS)' : 'records of a database (IndexedDB)';
  const room = () => (quota === null ? 'not told' : `${formatBytes(quota)} for this site`);
  return [
    withRemedy(
      {
        label: 'Models are kept in',
        value: place,
        meaning: reason ?? 'Engines read them there piece by piece.',
      },
      'files',
    ),
    withRemedy(
      {
        label: 'Quota',
        value: unlessFailed(findings, 'storage', room),
        meaning: 'What the browser would give at most, whatever else fills the disk meanwhile.',
      },
      'room',
    ),
    {
      label: 'Used',
      value: usage === null ? 'not told' : formatBytes(usage),
      meaning: 'By models, chats and Paddock itself.',
    },
    withRemedy(
      {
        label: 'Kept for good',
        value: persisted === null ? 'not told' : persisted ? 'yes' : notKept(page.persist),
        meaning: 'If not, the browser may remove all of it when space runs short.',
      },
      'persistence',
    ),
  ];
}

function notKept(persist: PermissionState | null): string {
  return persist === 'denied' ? 'no, and the browser declines' : 'no, and it can be asked for';
}

const SERVICE_WORKER = {
  unsupported: 'not in this browser, or not at this address',
  none: 'none registered',
  starting: 'starting',
  idle: 'registered, but not for this page',
  controls: 'in charge of this page',
};

function browser({ page }: Findings, withRemedy: WithRemedy): Line[] {
  const { name, version, system, system_version, architecture, mobile } = page.browser;
  const on = [system, system_version, architecture].filter(Boolean).join(' ');
  return [
    { label: 'Browser', value: `${name} ${version}`.trim() },
    { label: 'System', value: mobile ? `${on}, mobile` : on },
    { label: 'Languages', value: page.languages.join(', ') },
    withRemedy(
      {
        label: 'Secure address',
        value: yesNo(page.secure),
        meaning: 'Graphics, storage and background workers exist only at one.',
      },
      'secure',
    ),
    withRemedy(
      {
        label: 'Service worker',
        value: SERVICE_WORKER[page.service_worker],
        meaning: 'Paddock offline, other tabs, and the API by fetch go through it.',
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
    { label: 'Version', value: versions.paddock },
    { label: 'Protocol', value: formatCount(versions.protocol) },
    { label: 'WebLLM', value: versions.webllm, meaning: 'Runs MLC models on WebGPU.' },
    {
      label: 'wllama',
      value: versions.wllama,
      meaning: 'llama.cpp, for GGUF models that Paddock’s own engine does not know.',
    },
    { label: 'Measured', value: report.measured_at },
  ];
}
