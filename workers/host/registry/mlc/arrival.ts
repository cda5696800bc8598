/** What is asked of an MLC model before its next file is fetched: the cheap questions come before the weights. */
import { LAYER_PREFIX, type Layer, type ModelConfig } from '#core/manifest';
import { needsOfQuantization } from '#core/mlc/adapter';
import { describeMlc } from '#core/mlc/describe';
import { libraryFrom, libraryKey } from '#core/mlc/library';
import { needsOfListed, type MlcNeeds } from '#core/mlc/needs';
import type { MlcWishes } from '#core/pull-target';
import type { RegistryContext } from '../context';
import type { FilesPlan, MlcPlan } from '../source';
import { requireDevice } from './device';
import { requireLibrary, requireWasm } from './library';
import { namedFiles, readMlc } from './read-model';
import { requireKnown, type KnownLibrary } from './trust';

type Context = Pick<RegistryContext, 'db' | 'store' | 'adapter'>;

export class MlcArrival {
  readonly #context: Context;
  readonly #plan: FilesPlan;
  readonly #wishes: MlcWishes;
  #config: Partial<ModelConfig> = {};
  #trusted: KnownLibrary | undefined;
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

  /** Its library, to be trusted once the model is installed; one that was named by its digest has no address. */
  get trusted(): KnownLibrary | undefined {
    return this.#trusted;
  }

  /** Before the first byte. @throws PaddockError `bad_library`, `no_gpu` */
  async begin(): Promise<void> {
    requireLibrary(this.#plan);
    const { mlc } = this.#plan;
    if (mlc) await requireDevice(this.#context, needsOfPlan(mlc), this.#wishes);
  }

  /** Before a file of `mediaType`, with the layers that are there. @throws PaddockError `model_unreadable`, `no_gpu` */
  async before(mediaType: string, layers: Layer[]): Promise<void> {
    const { mlc, files } = this.#plan;
    if (!mlc || this.#readTexts || mediaType === `${LAYER_PREFIX}json`) return;
    this.#readTexts = true;
    const { config, list } = await readMlc(this.#context.store, layers, namedFiles(files));
    const { listed } = mlc;
    if (!listed) {
      const needs = needsOfQuantization(config.quantization);
      await requireDevice(this.#context, needs, this.#wishes);
    }
    this.#config = { ...describeMlc(config, list, listed), ...this.#config };
  }

  /** With a file that has come. @throws PaddockError `bad_library`, `library_changed` */
  async after({ mediaType, digest }: Layer): Promise<void> {
    if (mediaType !== `${LAYER_PREFIX}library`) return;
    await requireWasm(this.#context.store, digest);
    const { library } = this.#plan.mlc ?? {};
    const url = library && /^https?:/.test(library) ? library : undefined;
    this.#config.library = libraryFrom(url);
    if (!url) return;
    this.#trusted = { key: libraryKey(url), digest };
    await requireKnown(this.#context, this.#trusted, this.#wishes.acceptLibrary);
  }
}

export function needsOfPlan({ listed, quantization, library }: MlcPlan): MlcNeeds {
  return listed ? needsOfListed(listed, library ?? undefined) : needsOfQuantization(quantization);
}
