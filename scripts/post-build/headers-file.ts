/** The `_headers` file, in the syntax that Cloudflare Pages and Netlify share. */
import type { Policies } from './policies.ts';
import { IMMUTABLE, LOOSE, WORKERS } from './site-files.ts';

type Rule = [path: string, headers: Record<string, string>];

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_FIRST = 'no-cache';

/** Folders of models in the static registry, as `v2/library/smollm2`. */
function models(files: string[]): string[] {
  const folders = files.map((file) => /^(v2\/.+)\/(?:blobs|manifests)\//.exec(file)?.[1] ?? '');
  return [...new Set(folders)].filter(Boolean);
}

export function headersFile(files: string[], pages: string[], policies: Policies): string {
  const rules: Rule[] = [
    [
      '/*',
      {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      },
    ],
    // A header in two matching rules is sent joined, and two policies intersect: so one rule a page.
    ...pages.map((page): Rule => [
      `/${page}`,
      { 'Content-Security-Policy': policies.page, 'Cache-Control': ASK_FIRST },
    ]),
    [`/${IMMUTABLE}*`, { 'Cache-Control': FOR_EVER }],
    [`/${WORKERS}*`, { 'Content-Security-Policy': policies.worker }],
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
