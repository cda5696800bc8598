/** Builds the page and its workers as the site's are, one script each, and serves them from a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveSite } from '../../serve';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** `url` ends with a slash; the page is at its path in the repository. */
export async function buildPage(): Promise<{ url: string; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'paddock-pull-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es' },
    build: {
      outDir: dir,
      emptyOutDir: true,
      target: 'es2022',
      rollupOptions: { input: join(root, 'scripts/bench/pull/page.html') },
    },
  });
  const site = await serveSite({ dir, port: 0 });
  return {
    url: site.url,
    async close() {
      await site.close();
      await rm(dir, { recursive: true });
    },
  };
}
