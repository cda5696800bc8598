/** Three static hosts as they behave, each with the test site and the fake registry. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nginxConfig } from '../../scripts/nginx/config';
import { serveSite } from '../../scripts/serve';
import { fakeRegistry } from '../fixtures/fake-registry';
import { nginxHeaders } from '../fixtures/nginx-like';
import type { Fault } from './site';

export interface Host {
  /** Ends in `/`. */
  url: string;
  close(): Promise<void>;
}

const DIR = 'build-test';

/** Cloudflare Pages and Netlify: `_headers` is read, and a page has one address, its folder's. */
export async function headersHost(): Promise<Host> {
  const intercept: Fault = (request, response) => {
    const page = /^(.*\/)index\.html$/.exec(request.url ?? '')?.[1];
    if (page) response.writeHead(308, { Location: page }).end();
    return page !== undefined;
  };
  return serveSite({ dir: DIR, port: 0, overlay: fakeRegistry(), intercept });
}

/** Netlify unless told otherwise: a page is served without its slash too, with no redirect. */
export async function slashlessHost(): Promise<Host> {
  const intercept: Fault = (request) => {
    request.url = request.url?.replace(/^\/(models|settings)(?=\?|$)/, '/$1/');
    return false;
  };
  return serveSite({ dir: DIR, port: 0, overlay: fakeRegistry(), intercept });
}

/** GitHub Pages: a project's folder, no headers of ours, ten minutes in the cache, text compressed. */
export async function pagesHost(dir = DIR): Promise<Host> {
  const base = '/repo/';
  const intercept: Fault = (request, response) => {
    response.setHeader('Cache-Control', 'max-age=600');
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const type = { js: 'application/javascript', css: 'text/css' }[
      /\.(\w+)$/.exec(path)?.[1] ?? ''
    ];
    if (!type || !path.startsWith(base)) return false;
    try {
      const body = gzipSync(readFileSync(join(dir, path.slice(base.length))));
      response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip' }).end(body);
      return true;
    } catch {
      return false; // not there, which the server says
    }
  };
  const overlay = dir === DIR ? fakeRegistry() : undefined;
  return serveSite({ dir, port: 0, base, overlay, headers: false, intercept });
}

/** The machine's nginx with the configuration that the README makes; null where there is none. */
export async function realNginx(base = '/'): Promise<Host | null> {
  if (!hasNginx()) return null;
  const dir = mkdtempSync(join(tmpdir(), 'paddock-nginx-'));
  const root = join(dir, 'www');
  const site = join(root, base);
  cpSync(DIR, site, { recursive: true, filter: (path) => !path.startsWith(join(DIR, 'v2')) });
  for (const [path, bytes] of fakeRegistry()) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), bytes);
  }
  writeFileSync(join(dir, 'paddock.conf'), nginxConfig(rules(), base));
  const port = await freePort();
  writeFileSync(join(dir, 'nginx.conf'), mainConfig(dir, root, port));
  const child = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-e', join(dir, 'error.log')]);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://localhost:${port}${base}`;
  const close = async () => {
    child.kill();
    await ended;
    rmSync(dir, { recursive: true });
  };
  while (!(await answers(url))) {
    if (child.exitCode === null) continue;
    throw new Error(`nginx does not start: ${readFileSync(join(dir, 'error.log'), 'utf8')}`);
  }
  return { url, close };
}

/** What nginx would send with that configuration, from a server of ours. */
export async function likeNginx(base = '/'): Promise<Host> {
  const headersOf = nginxHeaders(nginxConfig(rules(), base));
  const headersFor = (path: string) => headersOf(base + path.slice(1));
  return serveSite({ dir: DIR, port: 0, base, overlay: fakeRegistry(), headersFor });
}

function rules(): string {
  return readFileSync(join(DIR, '_headers'), 'utf8');
}

export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** In one process, which needs no rights and leaves nothing outside of `dir`. */
function mainConfig(dir: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid ${dir}/pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    include ${dir}/paddock.conf;
  }
}
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
