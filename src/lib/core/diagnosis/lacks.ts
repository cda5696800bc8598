/** What is missing on this device, the gravest first. */
import { STORAGE_BUFFERS, WORKGROUP_STORAGE } from '#core/mlc/adapter';
import type { Findings, Lack } from './findings';

/** Bytes: what a browser reserves for 32-bit memory of a small model with its context. */
const ENOUGH_MEMORY = 2 * 1024 ** 3;
/** Bytes: a small model and its files. */
const ENOUGH_ROOM = 2_000_000_000;

export function lacks({ report, page }: Findings): Lack[] {
  const found: Lack[] = [];
  const add = (lack: Lack, missing: boolean | undefined) => {
    if (missing) found.push(lack);
  };
  // At such an address the browser switches all the rest off, and it comes back with a secure one.
  if (!page.secure) return ['secure'];
  add('storage', page.storage_denied);
  add('simd', !page.wasm.simd);
  add('memory', report !== null && report.memory32 < ENOUGH_MEMORY);
  const missing = report ? report.webgpu.missing : page.webgpu ? null : 'no_webgpu';
  add('webgpu', missing === 'no_webgpu' && !page.webgpu);
  add('webgpu_in_workers', missing === 'no_webgpu' && page.webgpu);
  add('adapter', missing === 'no_adapter');
  add('adapter_answer', missing === 'refused');
  add('fast_adapter', report?.adapter?.slow);
  add('shader_f16', report?.adapter?.f16 === false && !report.adapter.slow);
  const {
    workgroup_storage: storage = WORKGROUP_STORAGE,
    storage_buffers: buffers = STORAGE_BUFFERS,
  } = report?.adapter ?? {};
  add('adapter_limits', storage < WORKGROUP_STORAGE || buffers < STORAGE_BUFFERS);
  add('isolation', !(report?.isolated ?? page.isolated));
  add('service_worker', page.service_worker === 'unsupported' || page.service_worker === 'none');
  add('control', page.service_worker === 'idle');
  add('files', report?.storage.kind === 'indexeddb');
  const free = report?.free_storage ?? null;
  add('room', free !== null && free < ENOUGH_ROOM);
  add('persistence', report?.storage.persisted === false);
  add('newer_wasm', !page.wasm.memory64 || !page.wasm.jspi);
  add('relaxed_simd', !page.wasm.relaxed_simd);
  return found;
}
