/** The kernels' WebAssembly: which of the two modules, on which memory. */
import { PaddockError } from '#core/errors';
import plainUrl from './build/plain.wasm?url';
import relaxedUrl from './build/relaxed.wasm?url';

export type KernelSet = 'relaxed' | 'plain';

/** What `assembly/index.ts` exports. Addresses are unsigned; a boolean comes as 0 or 1. */
export interface KernelExports {
  plan(
    control: number,
    program: number,
    from: number,
    to: number,
    tokens: number,
    position: number,
    active: number,
  ): void;
  call(control: number, part: number, active: number): void;
  next(control: number, thread: number, seen: number): number;
  work(control: number, own: number, thread: number): number;
  /** 0, or another number where a value is not finite. */
  pack(type: number, source: number, target: number, columns: number, rows: number): number;
  turnRows(
    kind: number,
    rows: number,
    count: number,
    cos: number,
    sin: number,
    pairs: number,
    size: number,
  ): void;
}

export interface KernelCode {
  set: KernelSet;
  module: WebAssembly.Module;
  /** Whether it wants a shared memory. */
  shared: boolean;
}

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;

/**
 * Fetches and compiles a module.
 * @param wanted absent: relaxed SIMD where the browser has it (Chrome 114, Firefox 146, Safari 27.3)
 * @throws PaddockError `network`, `not_supported`
 */
export async function loadKernels(shared: boolean, wanted?: KernelSet): Promise<KernelCode> {
  for (const set of ['relaxed', 'plain'] as const) {
    if (wanted && wanted !== set) continue;
    const bytes = await fetchBytes(set === 'relaxed' ? relaxedUrl : plainUrl);
    if (!WebAssembly.validate(bytes)) continue;
    const module = await WebAssembly.compile(shared ? bytes : withoutSharing(bytes));
    return { set, module, shared };
  }
  throw new PaddockError('not_supported', 'This browser has no WebAssembly SIMD.');
}

/** @throws PaddockError `out_of_memory` */
export function createMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    throw new PaddockError('out_of_memory', `The browser gave no memory: ${String(error)}.`, {
      bytes,
    });
  }
}

export async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<KernelExports> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return instance.exports as unknown as KernelExports;
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const address = new URL(url, location.href).href;
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PaddockError('network', `The engine could not be fetched: ${why}.`, { url: address });
  }
}

/** Section and import kinds, and the limits' flag, of the WebAssembly binary format. */
const IMPORTS = 2;
const MEMORY = 2;
const SHARED = 2;

/**
 * The same module for a memory that is not shared, which is all that a page without isolation gets: one flag in
 * the import of the memory. Atomic loads and stores are valid on both; waiting is not, and one thread never waits.
 */
function withoutSharing(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  let at = 8; // magic and version
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = copy[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const skipName = () => {
    const length = number(); // moves `at` first
    at += length;
  };
  while (copy[at++] !== IMPORTS) {
    skipName(); // a section's length, like a name's
  }
  number();
  for (let left = number(); left > 0; left--) {
    skipName();
    skipName();
    const kind = copy[at++];
    if (kind === MEMORY) {
      copy[at] = copy[at]! & ~SHARED;
      return copy;
    }
    number(); // a function's type
  }
  return copy;
}
