/**
 * Finishes a build: adds the licences, writes the shell's list into its service worker, and `_headers` for the host.
 * Usage: tsx scripts/post-build.ts <folder>
 */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LICENCES } from '../src/lib/core/licences.ts';
import { headersFile } from './post-build/headers-file.ts';
import {
  engineFiles,
  FALLBACK,
  filesUnder,
  lateFiles,
  pagesOf,
  shellFiles,
  versionOf,
} from './post-build/site-files.ts';
import { siteHeaders } from './post-build/site-headers.ts';

const PLACEHOLDER = /(["'`])__PADDOCK_SHELL__\1/;

/** By it Kit would reload a page whose chunk is gone, a reply in the middle of it or not: people are asked instead. */
const KIT_VERSION = '_app/version.json';

function finish(dir: string): void {
  rmSync(join(dir, KIT_VERSION), { force: true });
  for (const { source, file } of LICENCES) copyFileSync(source, join(dir, file));
  const files = filesUnder(dir);
  const pages = pagesOf(files);
  if (pages.length === 0) throw new Error(`${dir} has no pages: build the site first.`);
  const html = pages.map((page) => `${page}index.html`);
  const fallback = existsSync(join(dir, FALLBACK)) ? [FALLBACK] : [];
  const headers = siteHeaders(dir, [...html, ...fallback]);
  const shell = shellFiles(dir, files);

  const worker = join(dir, 'service-worker.js');
  const script = readFileSync(worker, 'utf8');
  if (!PLACEHOLDER.test(script)) {
    throw new Error(`${worker} has no place for the shell's list: build again before this step.`);
  }
  const version = versionOf(dir, [...html, ...shell]);
  const engines = engineFiles(dir, files);
  const late = lateFiles(files);
  const parts = { version, pages, files: shell, engines, late, headers };
  const list = JSON.stringify(JSON.stringify(parts));
  writeFileSync(
    worker,
    script.replace(PLACEHOLDER, () => list),
  );
  writeFileSync(join(dir, '_headers'), headersFile(files, pages, headers));
  console.log(`${dir}: shell ${version}, ${pages.length} pages and ${shell.length} files.`);
}

const dir = process.argv[2];
if (!dir) {
  console.error('Usage: tsx scripts/post-build.ts <folder of the build>');
  process.exit(1);
}
finish(dir);
