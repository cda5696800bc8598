/** What goes wrong between the site and the browser, as faults for `site.fault`. */
import type { ServerResponse } from 'node:http';
import { fakeRegistry } from '../fixtures/fake-registry';
import type { Fault } from './site';

const ROOT = 'v2/library/smollm2/';
const PAGE = '<!doctype html><title>Home</title><p>Every address of this host is this page.';

export interface StarterPart {
  /** As in a request. */
  path: string;
  bytes: Uint8Array;
}

/** Where the fake starter's files are. */
export const starter = addresses(fakeRegistry());

function addresses(files: Map<string, Uint8Array>) {
  const list = [...files.keys()].find((path) => path.endsWith('.parts.json'))!;
  const { parts } = JSON.parse(new TextDecoder().decode(files.get(list))) as {
    parts: { digest: string }[];
  };
  return {
    manifest: `/${ROOT}manifests/135m`,
    parts: parts.map(({ digest }): StarterPart => {
      const path = `${ROOT}blobs/${digest.replace(':', '-')}`;
      return { path: `/${path}`, bytes: files.get(path)! };
    }),
  };
}

/** The numbers, from 0, of the starter's parts among `requests`, in the order of the requests. */
export function partsIn(requests: string[]): number[] {
  return requests
    .map((path) => starter.parts.findIndex((part) => part.path === path))
    .filter((index) => index !== -1);
}

/** `fault` for `path` alone. */
export function at(path: string, fault: Fault): Fault {
  return (request, response) => request.url === path && fault(request, response);
}

/** `fault` for the first request that it takes; then the host is well. */
export function once(fault: Fault): Fault {
  let spent = false;
  return (request, response) => {
    if (spent) return false;
    return (spent = fault(request, response));
  };
}

export const notFound: Fault = (_request, response) => {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found');
  return true;
};

/** As hosts of single-page apps answer whatever they do not have. */
export const pageInstead: Fault = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
  return true;
};

/** The whole of it, one bit of the byte at `offset` flipped. */
export function flipped({ bytes }: StarterPart, offset: number): Fault {
  const damaged = bytes.slice();
  damaged[offset]! ^= 1;
  return (_request, response) => {
    head(response, bytes).end(damaged);
    return true;
  };
}

/** Promises all bytes, sends `length` of them and drops the connection. */
export function cut({ bytes }: StarterPart, length: number): Fault {
  return (_request, response) => {
    head(response, bytes).write(bytes.subarray(0, length), () => response.destroy());
    return true;
  };
}

/** The first `length` bytes and then silence, until `release`. */
export function held({ bytes }: StarterPart, length: number) {
  const waiting: ServerResponse[] = [];
  const fault: Fault = (_request, response) => {
    head(response, bytes).write(bytes.subarray(0, length));
    waiting.push(response);
    return true;
  };
  const release = () => {
    for (const response of waiting.splice(0)) response.end(bytes.subarray(length));
  };
  return { fault, release };
}

const PIECE = 2000;
const PIECE_MS = 50;

/** A slow line: 40 kB a second. */
export function trickled({ bytes }: StarterPart): Fault {
  return (_request, response) => {
    head(response, bytes);
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, sent + PIECE));
      sent += PIECE;
      if (sent < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, PIECE_MS);
    response.once('close', () => clearInterval(timer));
    return true;
  };
}

function head(response: ServerResponse, bytes: Uint8Array): ServerResponse {
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Length': bytes.length,
  };
  return response.writeHead(200, headers);
}
