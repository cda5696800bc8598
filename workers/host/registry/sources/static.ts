/** A registry as files on any static host; the site's own `v2/` is the default one. */
import { blobFileName, type Digest } from '#core/digest';
import type { Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { DEFAULT_HOST, type ModelName } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import type { ManifestPlan, Source } from '../source';
import { fetchText } from './limited';
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

export interface StaticSourceOptions {
  /** Ends with `/`; `v2/` is under it. */
  siteUrl: string;
  fetch?: typeof globalThis.fetch;
}

export class StaticSource implements Source {
  readonly #siteUrl: string;
  readonly #ask: AskText;

  constructor({ siteUrl, fetch = globalThis.fetch.bind(globalThis) }: StaticSourceOptions) {
    this.#siteUrl = siteUrl;
    this.#ask = (url, limit, signal) => fetchText(fetch, url, limit, signal);
  }

  async resolve({ name }: PullTarget, signal: AbortSignal): Promise<ManifestPlan> {
    if (name.host !== DEFAULT_HOST) throw notHere(name);
    const url = `${this.#root(name)}manifests/${name.tag.toLowerCase()}`;
    const answer = await this.#ask(url, MAX_MANIFEST, signal);
    if (isAbsent(answer)) throw notHere(name);
    refuseFault(answer, url);
    return planOf(answer.text, (blob, asked) => this.#origin(name, blob, asked));
  }

  async #origin(name: ModelName, blob: Layer, signal: AbortSignal): Promise<BlobOrigin> {
    const addressOf = (digest: Digest) => `${this.#root(name)}blobs/${blobFileName(digest)}`;
    const parts =
      blob.size > PARTS_ABOVE ? await findParts(this.#ask, addressOf, blob, signal) : null;
    return parts ?? { kind: 'file', url: addressOf(blob.digest) };
  }

  /** In lower case, as `pack-model` writes it: names that differ by case only are one name. */
  #root({ namespace, model }: ModelName): string {
    return `${this.#siteUrl}v2/${`${namespace}/${model}`.toLowerCase()}/`;
  }
}
