import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headersFile } from '../../scripts/post-build/headers-file';
import { policiesOf } from '../../scripts/post-build/policies';
import {
  engineFiles,
  filesUnder,
  lateFiles,
  pagesOf,
  shellFiles,
  versionOf,
} from '../../scripts/post-build/site-files';
import { siteHeaders } from '../../scripts/post-build/site-headers';
import { headerRules } from '../../scripts/serve/header-rules';

const page = (hash: string) =>
  `<meta http-equiv="content-security-policy" content="default-src 'none'; ` +
  `connect-src 'self' https://hub.example; script-src 'self' '${hash}'">`;

const SITE: Record<string, string> = {
  'index.html': page('sha256-a'),
  'models/index.html': page('sha256-b'),
  '404.html': page('sha256-c'),
  'service-worker.js': '',
  'early.js': '',
  'manifest.webmanifest': '{}',
  'icons/icon.svg': '<svg/>',
  '_app/version.json': '{}',
  '_app/immutable/chunks/a.js': 'a',
  '_app/immutable/late/part.1a.js': 'a',
  '_app/immutable/assets/a.css': 'a',
  '_app/immutable/workers/main.js': 'a'.repeat(250_000),
  '_app/immutable/workers/chunks/engine.js': 'e'.repeat(20_001),
  '_app/immutable/workers/chunks/small.js': 's'.repeat(20_000),
  '_app/immutable/workers/chunks/mlc.js': 'EmbeddingChunkingUnsupportedError'.repeat(7000),
  '_app/immutable/workers/assets/kernels.wasm': 'k',
  '_app/immutable/workers/assets/helper.js': 'h',
  'v2/library/m/manifests/latest': '{}',
  'v2/library/m/blobs/sha256-x': 'x',
};

let dir: string;

function write(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), content);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'paddock-build-'));
  for (const [file, content] of Object.entries(SITE)) write(file, content);
});

afterAll(() => rmSync(dir, { recursive: true }));

it('lists the shell: pages, scripts, styles, workers and icons, but no engine and no model', () => {
  const files = filesUnder(dir);
  expect(pagesOf(files)).toEqual(['', 'models/']);
  expect(shellFiles(dir, files)).toEqual([
    '_app/immutable/assets/a.css',
    '_app/immutable/chunks/a.js',
    '_app/immutable/workers/chunks/small.js',
    '_app/immutable/workers/main.js',
    'early.js',
    'icons/icon.svg',
    'manifest.webmanifest',
  ]);
  expect(lateFiles(files)).toEqual(['_app/immutable/late/part.1a.js']);
});

it('lists what the engines need, each build of llama.cpp and web-llm apart', () => {
  const compat = readFileSync('node_modules/@wllama/wllama-compat/wasm/wllama.js');
  const modern = readFileSync('node_modules/@wllama/wllama/esm/wasm/wllama.wasm');
  write('_app/immutable/workers/assets/compat.js', compat);
  write('_app/immutable/workers/assets/modern.wasm', modern);
  expect(engineFiles(dir, filesUnder(dir))).toEqual({
    always: [
      '_app/immutable/workers/assets/helper.js',
      '_app/immutable/workers/assets/kernels.wasm',
      '_app/immutable/workers/chunks/engine.js',
    ],
    modern: ['_app/immutable/workers/assets/modern.wasm'],
    compat: ['_app/immutable/workers/assets/compat.js'],
    mlc: ['_app/immutable/workers/chunks/mlc.js'],
  });
});

it('gives a version that changes with a file', () => {
  const before = versionOf(dir, ['index.html', 'icons/icon.svg']);
  write('icons/icon.svg', '<svg></svg>');
  expect(versionOf(dir, ['index.html', 'icons/icon.svg'])).not.toBe(before);
});

it('admits the scripts of every page, and no framing', () => {
  const { page: policy, worker } = policiesOf(dir, ['index.html', 'models/index.html', '404.html']);
  for (const hash of ['sha256-a', 'sha256-b', 'sha256-c']) expect(policy).toContain(`'${hash}'`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('wasm-unsafe-eval');
  expect(worker).toContain("'wasm-unsafe-eval'");
  expect(worker).toContain('https://hub.example');
  expect(() => policiesOf(dir, ['service-worker.js'])).toThrow(/no Content-Security-Policy/);
});

it('writes header rules in which no path has two policies', () => {
  const files = filesUnder(dir);
  const headers = siteHeaders(dir, ['index.html', 'models/index.html', '404.html']);
  const headersFor = headerRules(headersFile(files, pagesOf(files), headers));
  const of = (path: string, name: string) => headersFor(path).get(name);
  const csp = 'Content-Security-Policy';
  expect(of('/', csp)).toBe(headers.page[csp]);
  expect(of('/models/', csp)).toBe(headers.page[csp]);
  expect(of('/_app/immutable/workers/main.js', csp)).toBe(headers.worker[csp]);
  expect(of('/_app/immutable/workers/main.js', 'Cache-Control')).toContain('immutable');
  expect(of('/_app/immutable/chunks/a.js', csp)).toBeUndefined();
  expect(of('/v2/library/m/manifests/latest', 'Cache-Control')).toBe('no-cache');
  expect(of('/v2/library/m/blobs/sha256-x', 'Cache-Control')).toContain('immutable');
  expect(of('/service-worker.js', 'Cache-Control')).toBe('no-cache');
  for (const path of ['/', '/anything', '/v2/library/m/blobs/sha256-x']) {
    expect(of(path, 'Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(of(path, 'Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(of(path, 'X-Frame-Options')).toBe('DENY');
  }
});
