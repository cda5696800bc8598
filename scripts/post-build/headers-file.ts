/** The `_headers` file, in the syntax that Cloudflare Pages and Netlify share. */
import { IMMUTABLE, LOOSE, WORKERS } from './site-files.ts';
import type { Headers, SiteHeaders } from './site-headers.ts';

type Rule = [path: string, headers: Headers];

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_FIRST = 'no-cache';

/** Folders of models in the static registry, as `v2/library/smollm2`. */
function models(files: string[]): string[] {
  const folders = files.map((file) => /^(v2\/.+)\/(?:blobs|manifests)\//.exec(file)?.[1] ?? '');
  return [...new Set(folders)].filter(Boolean);
}

export function headersFile(files: string[], pages: string[], headers: SiteHeaders): string {
  const rules: Rule[] = [
    ['/*', headers.all],
    // A header in two matching rules is sent joined, and two policies intersect: so one rule a page.
    ...pages.map((page): Rule => [`/${page}`, { ...headers.page, 'Cache-Control': ASK_FIRST }]),
    [`/${IMMUTABLE}*`, { 'Cache-Control': FOR_EVER }],
    [`/${WORKERS}*`, headers.worker],
    ['/service-worker.js', { 'Cache-Control': ASK_FIRST }],
    ...[...LOOSE].map((file): Rule => [`/${file}`, { 'Cache-Control': ASK_FIRST }]),
    // These hosts take one `*` in a path.
    ...models(files).flatMap((model): Rule[] => [
      [`/${model}/manifests/*`, { 'Cache-Control': ASK_FIRST }],
      [`/${model}/blobs/*`, { 'Cache-Control': FOR_EVER }],
    ]),
  ];
  return rules
    .map(([path, headers]) => {
      const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
      return `${path}\n${lines.join('')}`;
    })
    .join('\n');
}
