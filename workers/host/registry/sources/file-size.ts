/** How large a file at an address is, asked without reading it. */
import { PaddockError } from '#core/errors';
import type { Ask, Probe } from './ask';

/** Bytes; null where it is not said, `absent` where there is no file but perhaps a page that says so. */
export type FileSize = number | 'absent' | null;

/** @throws PaddockError as `Ask.head` */
export async function fileSize(ask: Ask, url: string, signal: AbortSignal): Promise<FileSize> {
  return (await sizeOfHead(ask, url, signal)) ?? (await sizeOfRange(ask, url, signal));
}

/**
 * The same of hosts of code, which compress what is asked for without a range, and let other sites read the length of
 * an answer and no more: the head of all of it as a range tells the length. @throws PaddockError as `Ask.head`
 */
export async function codeSize(ask: Ask, url: string, signal: AbortSignal): Promise<FileSize> {
  const answer = await ask.head(url, { headers: { Range: 'bytes=0-' }, signal });
  if (answer.status === 416) return 0; // of an empty file there is no range
  return sizeIn(answer.status === 206 ? { ...answer, status: 200 } : answer);
}

async function sizeOfHead(ask: Ask, url: string, signal: AbortSignal): Promise<FileSize> {
  try {
    return sizeIn(await ask.head(url, { method: 'HEAD', signal }));
  } catch (error) {
    // An address that is signed for GET is refused to those who ask for its head.
    if (error instanceof PaddockError && error.code === 'unauthorized') return null;
    throw error;
  }
}

async function sizeOfRange(ask: Ask, url: string, signal: AbortSignal): Promise<FileSize> {
  const answer = await ask.head(url, { headers: { Range: 'bytes=0-0' }, signal });
  const whole = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
  return whole === undefined ? sizeIn(answer) : sane(Number(whole));
}

function sizeIn({ status, headers }: Probe): FileSize {
  if (status === 404 || status === 410) return 'absent';
  if (status !== 200) return null;
  if (headers.get('content-type')?.startsWith('text/html')) return 'absent';
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? null : sane(Number(length));
}

/** Null for what no file can have. */
function sane(size: number): number | null {
  return Number.isSafeInteger(size) && size >= 0 ? size : null;
}
