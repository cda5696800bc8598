/**
 * Which parts of WebAssembly this browser has, asked by modules of one function each. Built here: seven modules of at
 * most 40 bytes need no package.
 */
import type { WasmFeatures } from '#core/paddock-api';

export function wasmFeatures(): WasmFeatures {
  return {
    simd: valid({ body: [...SPLAT, DROP] }),
    relaxed_simd: valid({ body: [...SPLAT, ...SPLAT, 0xfd, 0x80, 0x02, DROP] }), // i8x16.relaxed_swizzle
    // Limits 3: shared, with a maximum; then i32.atomic.load.
    threads: valid({ memory: [3, 1, 1], body: [...ZERO, 0xfe, 0x10, 2, 0, DROP] }),
    // try_table, or the try and catch_all that came before it.
    exceptions: valid({ body: [0x1f, 0x40, 0, END] }) || valid({ body: [0x06, 0x40, 0x19, END] }),
    memory64: valid({ memory: [4, 0], body: [] }),
    jspi: 'Suspending' in WebAssembly,
  };
}

const END = 0x0b;
const DROP = 0x1a;
/** i32.const 0 */
const ZERO = [0x41, 0];
/** A vector of zeros, by i8x16.splat. */
const SPLAT = [...ZERO, 0xfd, 0x0f];

/** A module of one function `() -> ()`; sections: 1 types, 3 functions, 5 memories, 10 code. */
function valid({ memory, body }: { memory?: number[]; body: number[] }): boolean {
  const code = [0, ...body, END]; // no locals
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...(memory ? section(5, [1, ...memory]) : []),
    ...section(10, [1, code.length, ...code]),
  ];
  return WebAssembly.validate(new Uint8Array(bytes));
}

/** All are under 128 bytes, so a length is one byte. */
function section(id: number, content: number[]): number[] {
  return [id, content.length, ...content];
}
