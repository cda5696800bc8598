/**
 * A registry at another host. One that speaks Docker's protocol, as Ollama's does, has a blob at `blobs/sha256:<hex>`;
 * the same tree as files on a static host has it at `blobs/sha256-<hex>`, or large ones in parts. Which of the two it
 * is shows when it is asked.
 */
import { blobFileName, digestHex, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { MANIFEST_TYPE, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import type { ModelName } from '#core/names';
import { isLoopback, type PullTarget } from '#core/pull-target';
import type { ManifestPlan, Source } from '../source';
import type { Ask } from './ask';
import {
  findParts,
  isAbsent,
  MAX_MANIFEST,
  notHere,
  PARTS_ABOVE,
  planOf,
  refuseFault,
  type AskText,
} from './tree';

type Style = 'protocol' | 'files';

export class OciSource implements Source {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async resolve({ name, insecure }: PullTarget, signal: AbortSignal): Promise<ManifestPlan> {
    const scheme = insecure && isLoopback(name.host) ? 'http' : 'https';
    const ask = this.#ask.ofRegistry();
    let root = '';
    // As it was typed, then as `pack-model` writes it.
    for (const { namespace, model, tag } of spellings(name)) {
      root = `${scheme}://${name.host}/v2/${namespace}/${model}/`;
      const url = `${root}manifests/${tag}`;
      const answer = await ask.text(url, MAX_MANIFEST, signal, MANIFEST_TYPE);
      if (isAbsent(answer)) continue;
      refuseFault(answer, url);
      const blobs = new Blobs(ask, `${root}blobs/`);
      return planOf(answer.text, (blob, asked) => blobs.origin(blob, asked));
    }
    throw notHere(name, root);
  }
}

/** The blobs of one model. */
class Blobs {
  readonly #ask: Ask;
  /** Ends in `/`. */
  readonly #folder: string;
  /** Undefined until a blob was found. */
  #style: Style | undefined;

  constructor(ask: Ask, folder: string) {
    this.#ask = ask;
    this.#folder = folder;
  }

  async origin(blob: Layer, signal: AbortSignal): Promise<BlobOrigin> {
    if (this.#style !== 'protocol' && blob.size > PARTS_ABOVE) {
      const addressOf = (digest: Digest) => this.#address(digest, 'files');
      const ask: AskText = (...given) => this.#ask.text(...given);
      const parts = await findParts(ask, addressOf, blob, signal);
      if (parts) {
        this.#style = 'files';
        const headers = await this.#ask.freshHeaders(this.#folder, signal);
        return { ...parts, ...(headers && { headers }) };
      }
    }
    this.#style ??= await this.#findStyle(blob.digest, signal);
    const url = this.#address(blob.digest, this.#style);
    const headers = await this.#ask.freshHeaders(url, signal);
    return { kind: 'file', url, ...(headers && { headers }) };
  }

  /** @throws PaddockError `missing` */
  async #findStyle(digest: Digest, signal: AbortSignal): Promise<Style> {
    for (const style of ['protocol', 'files'] as const) {
      const url = this.#address(digest, style);
      // Not HEAD: some registries redirect only who wants the bytes.
      const { status, headers } = await this.#ask.head(url, {
        headers: { Range: 'bytes=0-0' },
        signal,
      });
      const page = headers.get('content-type')?.startsWith('text/html');
      if ((status === 200 || status === 206) && !page) return style;
    }
    const url = this.#address(digest, 'protocol');
    throw new PaddockError('missing', 'The registry has a manifest and not its files.', { url });
  }

  #address(digest: Digest, style: Style): string {
    const file = style === 'protocol' ? `sha256:${digestHex(digest)}` : blobFileName(digest);
    return this.#folder + file;
  }
}

function spellings(name: ModelName): ModelName[] {
  const { namespace, model, tag } = name;
  const lower = {
    host: name.host,
    namespace: namespace.toLowerCase(),
    model: model.toLowerCase(),
    tag: tag.toLowerCase(),
  };
  const same = [namespace, model, tag].every((part) => part === part.toLowerCase());
  return same ? [name] : [name, lower];
}
