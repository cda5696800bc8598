/** The folder that a demo goes to: a finished site or what was there before, never half of one. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Refusal } from '../refusal.ts';

/** What every build of Paddock has. */
const MARKS = ['service-worker.js', '_app', 'index.html'];

/** Replacing a folder deletes it, so it must be a site that was built before. @throws Refusal */
export function refuseForeign(out: string): void {
  const inside = relative(out, process.cwd());
  if (!inside.startsWith('..') && !inside.startsWith('/')) {
    throw new Refusal(`--out is "${out}", which holds Paddock itself. Choose a folder of its own.`);
  }
  if (!existsSync(out)) return;
  const files = readdirSync(out);
  if (files.length === 0 || MARKS.every((mark) => existsSync(join(out, mark)))) return;
  throw new Refusal(
    `${out} holds other files, which a new build would delete. Empty it or choose another with --out.`,
  );
}

/** Gives `build` an empty folder beside `out`, which takes the place of `out` when all went well. */
export async function replaceSite(
  out: string,
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const target = out.replace(/[\\/]+$/, '');
  await mkdir(dirname(target), { recursive: true });
  // Names of its own: a folder that happens to have a fixed one would be somebody's.
  const beside = await mkdtemp(`${target}.partial-`);
  const folder = join(beside, 'new');
  const before = join(beside, 'before');
  try {
    await build(folder);
    if (existsSync(target)) await rename(target, before);
    try {
      await rename(folder, target);
    } catch (error) {
      if (existsSync(before)) await rename(before, target);
      throw error;
    }
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
