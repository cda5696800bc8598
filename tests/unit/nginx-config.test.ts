/** nginx's configuration says of every path what `_headers` says; tests/e2e/hosts.spec.ts tries it. */
import { describe, expect, it } from 'vitest';
import { nginxConfig } from '../../scripts/nginx/config';
import { headersFile } from '../../scripts/post-build/headers-file';
import { headerRules } from '../../scripts/serve/header-rules';
import { nginxHeaders } from '../fixtures/nginx-like';

const HEADERS = {
  all: { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' },
  page: { 'Content-Security-Policy': "default-src 'none'; img-src 'self'" },
  worker: { 'Content-Security-Policy': "script-src 'self'" },
};
const MODEL = ['v2/acme/chat/manifests/1b', 'v2/acme/chat/blobs/sha256-x'];
const rules = headersFile(MODEL, ['', 'models/'], HEADERS);

describe.each(['/', '/repo/', '/a/b.c/'])('at %s', (base) => {
  const headersFor = nginxHeaders(nginxConfig(rules, base));
  it.each([
    ...['', 'models/', 'robots.txt', '404.html', 'service-worker.js', 'early.js'],
    ...['_app/version.json', '_app/immutable/a.js', '_app/immutable/workers/a.js', ...MODEL],
  ])('%s has the same headers', (path) => {
    expect(headersFor(base + path)).toEqual(headerRules(rules)(`/${path}`));
  });
});

it('serves a page itself, since an index would lose its headers', () => {
  expect(nginxConfig(rules, '/repo/')).toContain(
    '  location = /repo/models/ {\n    try_files /repo/models/index.html =404;\n',
  );
});

it('answers what is missing with 404, never with another page', () => {
  const config = nginxConfig(rules, '/repo/');
  expect(config).toContain('error_page 404 /repo/404.html;');
  expect(config.match(/try_files .*/g)).toHaveLength(2);
  for (const file of ['_headers', '.nojekyll']) {
    expect(config).toContain(`location = /repo/${file} {\n    return 404;`);
  }
});

it('quotes what nginx would read', () => {
  const odd = '/*\n  X-Odd: a "b" \\c\n';
  expect(nginxConfig(odd)).toContain('add_header X-Odd "a \\"b\\" \\\\c" always;');
  expect(nginxHeaders(nginxConfig(odd))('/x')).toEqual(new Map([['X-Odd', 'a "b" \\c']]));
  expect(() => nginxConfig('/*\n  X-Odd: $host\n')).toThrow(/holds "\$"/);
});

it.each(['repo', '/repo', 'repo/', '/a b/', '/{/', ''])('refuses the base "%s"', (base) => {
  expect(() => nginxConfig(rules, base)).toThrow(/slash at both ends/);
});
