/** Serves a built site as a static host would, headers included; for `npm start` and the tests. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { headerRules } from './serve/header-rules.ts';
import { sendBytes } from './serve/overlay.ts';

export interface ServeOptions {
  /** The folder of the build. */
  dir: string;
  /** 0 takes a free one. */
  port: number;
  /** Where the site is mounted; starts and ends with `/`. */
  base?: string;
  /** Files that replace or add to those in `dir`, by their path without a leading slash. */
  overlay?: Map<string, Uint8Array>;
  /** False: like a host that cannot send any of `_headers`. */
  headers?: boolean;
  /** In place of `_headers`: what is sent for a path, which begins with `/` and lacks the base. */
  headersFor?(path: string): Iterable<[name: string, value: string]>;
  /** Called first; true when it has answered, or will. */
  intercept?(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface RunningSite {
  /** Ends in the base. */
  url: string;
  server: Server;
  /** Stops, and ends what is under way. */
  close(): Promise<void>;
}

/** Rejects with the system's error when the port cannot be had. */
export async function serveSite(options: ServeOptions): Promise<RunningSite> {
  const { base = '/', port } = options;
  const server = createServer(siteHandler({ ...options, base }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${base}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers requests as `serveSite` does; also to put another build in the place of the one that is served. */
export function siteHandler(options: ServeOptions & { base: string }): Handler {
  const { dir, base, overlay, intercept } = options;
  const rulesFile = join(dir, '_headers');
  const withHeaders = options.headers !== false && existsSync(rulesFile);
  const headersFor =
    options.headersFor ?? headerRules(withHeaders ? readFileSync(rulesFile, 'utf8') : '');
  const files = sirv(dir, { etag: true, ignores: false });
  const missing = join(dir, '404.html');
  const missingPage = existsSync(missing) ? readFileSync(missing) : Buffer.from('Not found');

  return (request, response) => {
    if (intercept?.(request, response)) return;
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : null;
    for (const [name, value] of headersFor(path ?? '')) response.setHeader(name, value);
    const notFound = () => {
      response.writeHead(404, { 'Content-Type': 'text/html;charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : missingPage);
    };

    if (path === null || path === '/_headers') return notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const bytes = overlay?.get(path.slice(1));
    if (bytes) return sendBytes(request, response, path, bytes);
    // A page's relative addresses hold only behind its slash, so hosts send you there.
    if (!path.endsWith('/') && existsSync(join(dir, path, 'index.html'))) {
      response.writeHead(301, { Location: `${pathname}/${search}` }).end();
      return;
    }
    request.url = path + search;
    files(request, response, notFound);
  };
}
