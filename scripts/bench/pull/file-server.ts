/** One file on a host of its own, in ranges and with CORS, as fast as the machine or as a line would be. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const PIECE = 64 * 1024;

export interface FileServer {
  url: string;
  /** Bytes a second over all connections together; null is no limit. */
  rate: number | null;
  requests: number;
  close(): Promise<void>;
}

export async function serveFile(bytes: Buffer): Promise<FileServer> {
  /** When the line is free again, in milliseconds. */
  let free = 0;
  const server = createServer((request, response) => {
    running.requests++;
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [from, last] = match ? [Number(match[1]), Number(match[2])] : [0, bytes.length - 1];
    response.writeHead(match ? 206 : 200, {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Content-Range, ETag',
      'Content-Type': 'application/octet-stream',
      'Content-Length': last + 1 - from,
      ETag: '"bench"',
      ...(match && { 'Content-Range': `bytes ${from}-${last}/${bytes.length}` }),
    });
    const body = bytes.subarray(from, last + 1);
    if (running.rate === null) response.end(body);
    else void trickle(response, body, running.rate);
  });

  async function trickle(response: ServerResponse, body: Buffer, rate: number) {
    for (let at = 0; at < body.length && !response.destroyed; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      const now = performance.now();
      // A pause that came too late is made up for, up to 100 ms of the line.
      free = Math.max(free, now - 100) + (piece.length / rate) * 1000;
      if (free > now) await wait(free - now);
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    }
    response.end();
  }

  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const running: FileServer = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/weights.bin`,
    rate: null,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return running;
}
