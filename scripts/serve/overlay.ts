/** Files from memory, with ranges, in the place of those on the disk. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const TYPES: Record<string, string> = {
  js: 'text/javascript',
  json: 'application/json',
  html: 'text/html;charset=utf-8',
  css: 'text/css',
};

export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  bytes: Uint8Array,
): void {
  const extension = /\.(\w+)$/.exec(path)?.[1] ?? '';
  response.setHeader('Content-Type', TYPES[extension] ?? 'application/octet-stream');
  response.setHeader('Accept-Ranges', 'bytes');
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  let body = bytes;
  if (range) {
    const start = Number(range[1]);
    const end = range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
    if (start > end) {
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
      return;
    }
    response.statusCode = 206;
    response.setHeader('Content-Range', `bytes ${start}-${end}/${bytes.length}`);
    body = bytes.subarray(start, end + 1);
  }
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
