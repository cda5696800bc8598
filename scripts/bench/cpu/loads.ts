/** Second loads as a person has them: in a profile on the disk. A private window's storage is another, slower one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../../chromium';
import type { BenchApi } from './page';

/** Milliseconds of `rounds` loads, of the benchmark's page at `url`. */
export async function measureLoads(url: string, rounds: number): Promise<number[]> {
  const profile = await mkdtemp(join(tmpdir(), 'paddock-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: CHROMIUM_ARGS,
  });
  try {
    const page = await context.newPage();
    await page.goto(`${url}scripts/bench/cpu/page.html`);
    await page.waitForFunction(() => document.title === 'ready');
    return await page.evaluate(
      (count) => (globalThis as unknown as { bench: BenchApi }).bench.reload(count),
      rounds,
    );
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
