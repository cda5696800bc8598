/** The module whose `readSum` reads a stretch of memory and does next to nothing with it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SOURCE = 'workers/runner/engines/paddock/kernels/assembly/bench/read-sum.ts';

export async function readSum(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kernels-'));
  const file = path.join(folder, 'read.wasm');
  try {
    execFileSync('node_modules/.bin/asc', [
      ...[SOURCE, '-o', file, '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd,threads', '--importMemory', '--sharedMemory'],
      ...['--initialMemory', '1', '--maximumMemory', '65536'],
    ]);
    return new Uint8Array(await readFile(file));
  } finally {
    await rm(folder, { recursive: true });
  }
}
