/** What is asked of an MLC model before its next file is fetched: the cheap questions come before the weights. */
import type { Digest } from '#core/digest';
import { LAYER_PREFIX, type Layer, type ModelConfig } from '#core/manifest';
import { needsOfQuantization } from '#core/mlc/adapter';
import { describeMlc } from '#core/mlc/describe';
import { versionIn } from '#core/mlc/library';
import { needsOfListed, noGpu, type MlcNeeds } from '#core/mlc/needs';
import type { MlcWishes } from '#core/pull-target';
import type { RegistryContext } from '../context';
import type { FilesPlan, MlcPlan } from '../source';
import { requireKnown, requireLibrary, requireWasm } from './library';
import { namedFiles, readMlc } from './read-model';

/** Its library's address and digest, to be kept as known once the model is installed. */
export interface TrustedLibrary {
  url: string;
  digest: Digest;
}

type Context = Pick<RegistryContext, 'db' | 'store' | 'adapter'>;

export class MlcArrival {
  readonly #context: Context;
  readonly #plan: FilesPlan;
  readonly #wishes: MlcWishes;
  #config: Partial<ModelConfig> = {};
  #trusted: TrustedLibrary | undefined;
  #readTexts = false;

  constructor(context: Context, plan: FilesPlan, wishes: MlcWishes) {
    this.#context = context;
    this.#plan = plan;
    this.#wishes = wishes;
  }

  /** Of the manifest's config, once all files are there. */
  get config(): Partial<ModelConfig> {
    return this.#config;
  }

  get trusted(): TrustedLibrary | undefined {
    return this.#trusted;
  }

  /** Before the first byte. @throws PaddockError `bad_library`, `no_gpu` */
  async begin(): Promise<void> {
    requireLibrary(this.#plan);
    const { mlc } = this.#plan;
    if (mlc) await this.#requireDevice(needsOfPlan(mlc));
  }

  /** Before a file of `mediaType`, with the layers that are there. @throws PaddockError `model_unreadable`, `no_gpu` */
  async before(mediaType: string, layers: Layer[]): Promise<void> {
    const { mlc, files } = this.#plan;
    if (!mlc || this.#readTexts || mediaType === `${LAYER_PREFIX}json`) return;
    this.#readTexts = true;
    const { config, list } = await readMlc(this.#context.store, layers, namedFiles(files));
    const { listed } = mlc;
    if (!listed) await this.#requireDevice(needsOfQuantization(config.quantization));
    this.#config = { ...describeMlc(config, list, listed), ...this.#config };
  }

  /** With a file that has come. @throws PaddockError `bad_library`, `library_changed` */
  async after({ mediaType, digest }: Layer): Promise<void> {
    if (mediaType !== `${LAYER_PREFIX}library`) return;
    await requireWasm(this.#context.store, digest);
    const { library } = this.#plan.mlc ?? {};
    const url = library && /^https?:/.test(library) ? library : undefined;
    const version = url && versionIn(url);
    this.#config.library = { ...(url && { url }), ...(version && { version }) };
    if (!url) return;
    await requireKnown(this.#context, url, digest, this.#wishes.acceptLibrary);
    this.#trusted = { url, digest };
  }

  async #requireDevice(needs: MlcNeeds): Promise<void> {
    const lack = this.#wishes.force ? null : noGpu(needs, await this.#context.adapter());
    if (lack) throw lack;
  }
}

export function needsOfPlan({ listed, quantization, library }: MlcPlan): MlcNeeds {
  return listed ? needsOfListed(listed, library ?? undefined) : needsOfQuantization(quantization);
}
