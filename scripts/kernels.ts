/**
 * Builds the CPU engine's two modules from `kernels/assembly/index.ts`: `build/relaxed.wasm` and `build/plain.wasm`;
 * nothing when they are newer than their sources.
 *   npm run kernels -- [--force]
 */
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import asc from './assemblyscript.js';

const KERNELS = 'workers/runner/engines/paddock/kernels';
/** 4 GiB, the most that 32-bit addresses reach; what a model needs is the importer's to give. */
const MOST_PAGES = 65_536;
const SETS = { relaxed: 'simd,relaxed-simd,threads', plain: 'simd,threads' };

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
/** What the modules are made with, beside their sources. */
const TOOLS = [
  'scripts/kernels.ts',
  'scripts/assemblyscript.js',
  'node_modules/assemblyscript/package.json',
];
const newest = Math.max(...(await changeTimes()));
await mkdir(`${KERNELS}/build`, { recursive: true });
for (const [name, features] of Object.entries(SETS)) {
  const target = `${KERNELS}/build/${name}.wasm`;
  const built = await stat(target).catch(() => undefined);
  if (values.force || !built || built.mtimeMs <= newest) await build(target, features);
}

async function build(target: string, features: string): Promise<void> {
  const started = new Date();
  // Renamed when whole: another run may be reading.
  const part = `${target}.${process.pid}.part`;
  const output = { stdout: process.stdout, stderr: process.stderr };
  const options = [
    `${KERNELS}/assembly/index.ts`,
    ...['--outFile', part, '-O3', '--noAssert', '--runtime', 'stub', '--enable', features],
    ...['--importMemory', '--sharedMemory', '--initialMemory', '1'],
    ...['--maximumMemory', String(MOST_PAGES)],
  ];
  try {
    const { error } = await asc.main(options, output);
    if (error) {
      throw new Error(`${target} was not built: the compiler's errors stand above.`);
    }
    // As old as what it was made from: a source that changed meanwhile is newer.
    await utimes(part, started, started);
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
  console.log(`${target}: ${(await stat(target)).size} bytes`);
}

/** When each source and tool was last written, and each folder of sources: a deleted one leaves no other trace. */
async function changeTimes(): Promise<number[]> {
  const assembly = `${KERNELS}/assembly`;
  const inside = await readdir(assembly, { recursive: true, withFileTypes: true });
  // `KERNELS` has the layouts that the sources share; the folder itself changes with what is built.
  const beside = (await readdir(KERNELS)).filter((name) => name.endsWith('.ts'));
  const sources = inside
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const all = [assembly, ...sources, ...beside.map((name) => path.join(KERNELS, name)), ...TOOLS];
  return Promise.all(all.map(async (name) => (await stat(name)).mtimeMs));
}
