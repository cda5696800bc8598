/** Where a model comes from, by what it was called: the site, the hub, another registry, or a plain address. */
import { PaddockError } from '#core/errors';
import { DEFAULT_HOST, type ModelName } from '#core/names';
import { isHubHost, parsePullTarget, type PullTarget } from '#core/pull-target';
import type { PlannedFile, PullPlan, Source } from '../source';
import type { Access } from '../access';
import { Ask } from './ask';
import { HubSource } from './hub';
import { libraryAt } from './library';
import { OciSource } from './oci';
import { StaticSource } from './static';
import { UrlSource } from './url';

export interface SourcesOptions {
  access: Access;
  /** The gate's. */
  fetch: typeof globalThis.fetch;
  /** For a name that the site lacks: what else would pull it, such as `hf.co/user/repo:Q4_K_M`; null: nothing. */
  lookup?(name: ModelName): string | null;
}

export class Sources implements Source {
  readonly #site: StaticSource;
  readonly #hub: HubSource;
  readonly #registry: OciSource;
  readonly #address: UrlSource;
  readonly #ask: Ask;
  readonly #lookup: NonNullable<SourcesOptions['lookup']>;

  constructor({ access, fetch, lookup = () => null }: SourcesOptions) {
    const ask = (this.#ask = new Ask(access, fetch));
    this.#site = new StaticSource({ siteUrl: access.siteUrl, fetch });
    this.#hub = new HubSource(ask, () => access.mirror());
    this.#registry = new OciSource(ask);
    this.#address = new UrlSource(ask);
    this.#lookup = lookup;
  }

  resolve(target: PullTarget, signal: AbortSignal): Promise<PullPlan> {
    // What came from an address comes from there again, whatever it is called here.
    const host = target.url === undefined ? target.name.host : new URL(target.url).host;
    if (isHubHost(host)) return this.#hub.resolve(target, signal);
    if (target.url !== undefined) return this.#address.resolve(target, signal);
    if (host !== DEFAULT_HOST) return this.#registry.resolve(target, signal);
    return this.#known(target, signal);
  }

  library(url: string, signal: AbortSignal): Promise<PlannedFile> {
    return libraryAt(this.#ask, url, signal);
  }

  async #known(target: PullTarget, signal: AbortSignal): Promise<PullPlan> {
    try {
      return await this.#site.resolve(target, signal);
    } catch (error) {
      if (!(error instanceof PaddockError) || error.code !== 'not_in_registry') throw error;
      const reference = this.#lookup(target.name);
      const other = reference === null ? null : parsePullTarget(reference);
      if (!other || other.name.host === DEFAULT_HOST) throw error;
      return this.resolve(other, signal);
    }
  }
}
