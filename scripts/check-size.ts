/**
 * Fails when the first page's scripts and styles are over their budget.
 * Usage: tsx scripts/check-size.ts <folder> [--json]
 */
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { filesUnder, lateFiles, pagesOf, shellFiles } from './post-build/site-files.ts';

/** Bytes of brotli before the first interaction: raised only with the reason written here. */
const FIRST_ROUTE = 60_000;

interface Entry {
  file: string;
  bytes: number;
  brotli: number;
}

/** Not those that Kit disables: their rules are inlined. */
const LINK =
  /<link\b(?![^>]*\bdisabled)[^>]*\bhref="([^"]+)"[^>]*\brel="(?:modulepreload|stylesheet)"/g;
const SCRIPT = /<script\b[^>]*\bsrc="([^"]+)"/g;
const STYLE = /<style\b[^>]*>([^]*?)<\/style>/g;
const START = /import\("([^"]+)"\)/g;
const STATIC_IMPORT =
  /(?:^|[;}\s])(?:import|export)(?:[\s\w$*{},]*from)?\s*["'](\.{1,2}\/[^"']+)["']/g;

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** What the page at `/` loads before anything is clicked: its links, and what those import. */
function firstRoute(dir: string): string[] {
  const html = readFileSync(join(dir, 'index.html'), 'utf8');
  const waiting = [...matches(html, LINK), ...matches(html, SCRIPT), ...matches(html, START)].map(
    (href) => posix.normalize(href),
  );
  const found = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!file.endsWith('.js')) continue;
    const script = readFileSync(join(dir, file), 'utf8');
    const folder = dirname(file);
    waiting.push(...matches(script, STATIC_IMPORT).map((path) => posix.join(folder, path)));
  }
  return [...found].sort();
}

/** The style sheets that travel in the page. */
function inlined(dir: string): Entry {
  const html = readFileSync(join(dir, 'index.html'), 'utf8');
  const content = Buffer.from(matches(html, STYLE).join(''));
  const brotli = brotliCompressSync(content).length;
  return { file: 'index.html, styles', bytes: content.length, brotli };
}

function measure(dir: string, file: string): Entry {
  const content = readFileSync(join(dir, file));
  return { file, bytes: content.length, brotli: brotliCompressSync(content).length };
}

function total(entries: Entry[], key: 'bytes' | 'brotli'): number {
  return entries.reduce((sum, entry) => sum + entry[key], 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
}

const [dir, ...flags] = process.argv.slice(2);
if (!dir) {
  console.error('Usage: tsx scripts/check-size.ts <folder of the build> [--json]');
  process.exit(1);
}
const files = filesUnder(dir);
const first = [inlined(dir), ...firstRoute(dir).map((file) => measure(dir, file))];
const pages = pagesOf(files).map((page) => `${page}index.html`);
const shell = [...pages, ...shellFiles(dir, files)].map((file) => measure(dir, file));
const late = lateFiles(files).map((file) => measure(dir, file));
const brotli = total(first, 'brotli');

if (flags.includes('--json')) {
  const sizes = (entries: Entry[]) => ({
    bytes: total(entries, 'bytes'),
    brotli: total(entries, 'brotli'),
  });
  const report = {
    budget: FIRST_ROUTE,
    firstRoute: sizes(first),
    shell: sizes(shell),
    late: sizes(late),
    files: first,
  };
  console.log(JSON.stringify(report, null, 2));
} else {
  for (const entry of first) {
    console.log(`${kilobytes(entry.bytes)} ${kilobytes(entry.brotli)}  ${entry.file}`);
  }
  console.log(
    `${kilobytes(total(first, 'bytes'))} ${kilobytes(brotli)}  first page (brotli right)`,
  );
  console.log(
    `${kilobytes(total(shell, 'bytes'))} ${kilobytes(total(shell, 'brotli'))}  offline shell`,
  );
  for (const entry of late) {
    console.log(
      `${kilobytes(entry.bytes)} ${kilobytes(entry.brotli)}  ${entry.file}, at first use`,
    );
  }
}
if (brotli > FIRST_ROUTE) {
  console.error(
    `The first page needs ${kilobytes(brotli).trim()}, over its ${kilobytes(FIRST_ROUTE).trim()}. ` +
      'Load something later, with a dynamic import.',
  );
  process.exit(1);
}
