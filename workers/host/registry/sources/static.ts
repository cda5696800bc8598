/** A registry as files on any static host; the site's own `v2/` is the default one. */
import { blobFileName, digestOf, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { parseManifest, parsePartsList, PARTS_SUFFIX, type Layer } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { DEFAULT_HOST, displayName, type ModelName } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import type { ManifestPlan, Source } from '../source';
import { fetchText, type Answer } from './limited';

/** Bytes; Ollama's manifests have some 500. */
const MAX_MANIFEST = 1024 * 1024;
/** Bytes; 20 MiB parts of a 400 GB model make 2 MB of list. */
const MAX_PARTS_LIST = 4 * 1024 * 1024;
/** Bytes; smaller blobs are asked for whole, without a request for a list that few would have. */
const PARTS_ABOVE = 256 * 1024;

export interface StaticSourceOptions {
  /** Ends with `/`; `v2/` is under it. */
  siteUrl: string;
  fetch?: typeof globalThis.fetch;
}

export class StaticSource implements Source {
  readonly #siteUrl: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor({ siteUrl, fetch = globalThis.fetch.bind(globalThis) }: StaticSourceOptions) {
    this.#siteUrl = siteUrl;
    this.#fetch = fetch;
  }

  async resolve({ name }: PullTarget, signal: AbortSignal): Promise<ManifestPlan> {
    if (name.host !== DEFAULT_HOST) throw notHere(name);
    const url = `${this.#root(name)}manifests/${name.tag.toLowerCase()}`;
    const answer = await fetchText(this.#fetch, url, MAX_MANIFEST, signal);
    if (isAbsent(answer)) throw notHere(name);
    refuseFault(answer, url);
    const manifest = parseManifest(answer.text);
    const digest = await digestOf(new TextEncoder().encode(answer.text));
    const origin: ManifestPlan['origin'] = (blob, asked) => this.#origin(name, blob, asked);
    return { kind: 'manifest', manifest, text: answer.text, digest, origin };
  }

  async #origin(name: ModelName, blob: Layer, signal: AbortSignal): Promise<BlobOrigin> {
    const whole: BlobOrigin = { kind: 'file', url: this.#blobUrl(name, blob.digest) };
    if (blob.size <= PARTS_ABOVE) return whole;
    const url = `${this.#blobUrl(name, blob.digest)}${PARTS_SUFFIX}`;
    const answer = await fetchText(this.#fetch, url, MAX_PARTS_LIST, signal);
    if (isAbsent(answer)) return whole;
    refuseFault(answer, url);
    try {
      const { parts } = parsePartsList(answer.text, blob);
      const at = (digest: Digest) => this.#blobUrl(name, digest);
      return { kind: 'parts', parts: parts.map((part) => ({ ...part, url: at(part.digest) })) };
    } catch {
      return whole; // no valid list, so the blob itself has to be there
    }
  }

  #blobUrl(name: ModelName, digest: Digest): string {
    return `${this.#root(name)}blobs/${blobFileName(digest)}`;
  }

  /** In lower case, as `pack-model` writes it: names that differ by case only are one name. */
  #root({ namespace, model }: ModelName): string {
    return `${this.#siteUrl}v2/${`${namespace}/${model}`.toLowerCase()}/`;
  }
}

/** A page stands for "not found" on hosts that answer everything with 200. */
function isAbsent({ status, text }: Answer): boolean {
  return status === 404 || status === 410 || text.trimStart().startsWith('<');
}

function refuseFault({ status }: Answer, url: string): void {
  if (status !== 200) {
    throw new PaddockError('network', `The registry answers ${status}.`, { url });
  }
}

function notHere(name: ModelName): PaddockError {
  const model = displayName(name);
  return new PaddockError('not_in_registry', `The registry has no model ${model}.`, { model });
}
