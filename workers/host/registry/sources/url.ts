/** One `.gguf` at a plain address. */
import { PaddockError } from '#core/errors';
import { LAYER_PREFIX } from '#core/manifest';
import type { PullTarget } from '#core/pull-target';
import type { FilesPlan, Source } from '../source';
import type { Ask } from './ask';
import { fileSize } from './file-size';
import { notHere } from './tree';

export class UrlSource implements Source {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async resolve({ name, url = '' }: PullTarget, signal: AbortSignal): Promise<FilesPlan> {
    const shown = url.split('?', 1)[0]!;
    const size = await fileSize(this.#ask, url, signal);
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
}
