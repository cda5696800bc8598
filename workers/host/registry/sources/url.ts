/** One `.gguf` at a plain address. */
import { PaddockError } from '#core/errors';
import { LAYER_PREFIX } from '#core/manifest';
import type { PullTarget } from '#core/pull-target';
import type { FilesPlan, Source } from '../source';
import type { Ask, Probe } from './ask';
import { notHere } from './tree';

export class UrlSource implements Source {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async resolve({ name, url = '' }: PullTarget, signal: AbortSignal): Promise<FilesPlan> {
    const shown = url.split('?', 1)[0]!;
    const size = (await this.#sizeOfHead(url, signal)) ?? (await this.#sizeOfRange(url, signal));
    if (size === 'absent') throw notHere(name, shown);
    if (size === null) {
      const message = 'The host does not say how large the file is.';
      throw new PaddockError('network', message, { url: shown });
    }
    if (size === 0) {
      throw new PaddockError('no_gguf', `${shown} is empty: it has 0 bytes.`, { url: shown });
    }
    const headers = await this.#ask.headersFor(url);
    const file = decodeURIComponent(new URL(url).pathname).split('/').at(-1)!;
    return {
      kind: 'files',
      format: 'gguf',
      from: url,
      files: [
        {
          digest: null,
          size,
          mediaType: `${LAYER_PREFIX}model`,
          name: file,
          origin: { kind: 'file', url, ...(headers && { headers }) },
        },
      ],
    };
  }

  async #sizeOfHead(url: string, signal: AbortSignal): Promise<number | 'absent' | null> {
    try {
      return sizeIn(await this.#ask.head(url, { method: 'HEAD', signal }));
    } catch (error) {
      // An address that is signed for GET is refused to those who ask for its head.
      if (error instanceof PaddockError && error.code === 'unauthorized') return null;
      throw error;
    }
  }

  async #sizeOfRange(url: string, signal: AbortSignal): Promise<number | 'absent' | null> {
    const answer = await this.#ask.head(url, { headers: { Range: 'bytes=0-0' }, signal });
    const whole = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
    return whole === undefined ? sizeIn(answer) : sane(Number(whole));
  }
}

/** Bytes; null where it is not said, `absent` where there is no file but perhaps a page that says so. */
function sizeIn({ status, headers }: Probe): number | 'absent' | null {
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
