/** Names to models: what is installed, pulling, deleting. Owns IndexedDB `paddock-models`; the bytes are the puller's. */
import type { Digest } from '#core/digest';
import type { GgufHeader } from '#core/gguf';
import { blobsOf, layersOf, type Layer } from '#core/manifest';
import { nameKey, type ModelName } from '#core/names';
import type { ResolvedPull } from '#core/paddock-api';
import type { MlcWishes, PullTarget } from '#core/pull-target';
import type { WeightsFacts } from '#core/weights-facts';
import { readBlobHeader } from '#store/blob-header';
import type { BlobStore } from '#store/blob-store';
import { browserEstimate } from '#store/storage-error';
import type { BuiltModel, ModelDraft } from './build-model';
import type { RegistryContext, RegistryOptions } from './context';
import { RegistryDb } from './db';
import { copy } from './copy';
import { damagedBlobs } from './damage';
import { factsOf } from './facts';
import { discard } from './discard';
import { collect } from './gc';
import { install, installManifest } from './install';
import { get, list, remove, type InstalledModel } from './installed';
import { Lock } from './lock';
import { fetchLibrary } from './mlc/fetch-library';
import { showMlc, type MlcShown } from './mlc/read-model';
import { Pins } from './pins';
import { preview } from './preview';
import { pull, type PullStatus, type PullWatch } from './pull';
import { startChecker } from './start-puller';
import { Storekeeper } from './storekeeper';
import { PART_SIZE } from './run-transfer';
import { storeBytes, type BytesProgress } from './store-bytes';
import { Texts } from './text';
import { Transfers } from './transfers';
import { Uploads } from './uploads';
import { Usage } from './usage';
import { inPartOrder, readWeights } from './weights';

export type { InstalledModel } from './installed';
export type { PullStatus, PullWatch } from './pull';

export class Registry {
  readonly store: BlobStore;
  readonly storage: Storekeeper;
  readonly #context: RegistryContext;
  readonly #transfers: Transfers;
  readonly #texts: Texts;
  readonly #usage: Usage;
  /** What `get` found: it is asked before every reply, and only this registry changes it. */
  readonly #known = new Map<string, InstalledModel>();
  #changes = 0;

  private constructor(context: RegistryContext) {
    this.store = context.store;
    this.#context = context;
    this.#transfers = new Transfers(context);
    this.#texts = new Texts(context.store);
    this.#usage = new Usage(context);
    this.storage = new Storekeeper(context, this.#transfers, () => this.#changed());
  }

  /** Cleans up what earlier sessions left. @throws PaddockError `storage_missing`, `storage_denied`, `storage_failed` */
  static async open(options: RegistryOptions): Promise<Registry> {
    const defaults = {
      db: new RegistryDb(),
      estimate: browserEstimate,
      adapter: () => Promise.resolve(null),
      now: () => Date.now(),
      partSize: PART_SIZE,
      changed: () => {},
      onRefused: () => {},
      startChecker,
    };
    const own = {
      pins: new Pins(),
      uploads: new Uploads(),
      cleaning: new Lock(),
      sizes: new Map<Digest, number>(),
    };
    const context = { ...defaults, ...options, ...own };
    await collect(context);
    return new Registry(context);
  }

  /** The installed models, newest first. */
  async list(): Promise<InstalledModel[]> {
    const models = await list(this.#context);
    this.#forget(); // it looked at the files, so what is gone is known to be gone
    return models;
  }

  /** Null when it is not installed whole. */
  async get(name: ModelName): Promise<InstalledModel | null> {
    const key = nameKey(name);
    const known = this.#known.get(key);
    if (known) return known;
    const changes = this.#changes;
    const model = await get(this.#context, name);
    if (model && changes === this.#changes) this.#known.set(key, model);
    return model;
  }

  /** See `pull.ts`; two pulls at once share what they have in common. */
  pull(
    target: PullTarget,
    signal: AbortSignal,
    watch?: PullWatch,
  ): AsyncGenerator<PullStatus, void, void> {
    return this.#forgetting(pull(this.#context, this.#transfers, target, signal, watch));
  }

  /** Stores a file from disk under its digest, which may be known; yields bytes. See `store-bytes.ts`. */
  storeBytes(
    blob: Blob,
    digest: Digest | null,
    signal: AbortSignal,
  ): AsyncGenerator<BytesProgress, Digest, void> {
    return storeBytes(this.#context, this.#transfers, blob, digest, signal);
  }

  /** Fetches a library from its address; yields bytes. See `mlc/fetch-library.ts`. */
  fetchLibrary(
    url: string,
    accepted: Digest | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<BytesProgress, Digest, void> {
    return fetchLibrary(this.#context, this.#transfers, url, accepted, signal);
  }

  /** Bytes of a stored blob; null when there is none, or a check found it damaged. */
  async blobSize(digest: Digest): Promise<number | null> {
    if ((await damagedBlobs(this.#context)).has(digest)) return null;
    return this.store.size(digest);
  }

  /** See `install.ts`. */
  install(name: ModelName, draft: ModelDraft, wishes?: MlcWishes): Promise<BuiltModel> {
    return install(this.#context, name, draft, wishes).finally(() => this.#changed());
  }

  /** See `install.ts`. */
  installManifest(name: ModelName, text: string, wishes: MlcWishes = {}): Promise<void> {
    const installing = installManifest(this.#context, name, text, {}, wishes);
    return installing.finally(() => this.#changed());
  }

  /** Another name for a model, in the place of what had it; no bytes are copied. */
  copy(source: InstalledModel, name: ModelName): Promise<void> {
    return copy(this.#context, source, name).finally(() => this.#changed());
  }

  /** A blob of an installed model, to be read in slices; null where the model has no such blob. */
  async openBlob(name: ModelName, digest: Digest): Promise<Blob | null> {
    const model = await this.get(name);
    const known = model && blobsOf(model.manifest).some((blob) => blob.digest === digest);
    return known ? this.store.open(digest) : null;
  }

  /** What `pull` would fetch; nothing is stored. @throws PaddockError as `Source.resolve` */
  preview(target: PullTarget, signal: AbortSignal): Promise<ResolvedPull> {
    return preview(this.#context, target, signal);
  }

  /** Removes those of `digests`, finished or not, that no model and no pull needs. @throws PaddockError of storage */
  discard(digests: Digest[]): Promise<void> {
    return discard(this.#context, this.#transfers, digests);
  }

  /** Removes the name and the blobs that nobody else uses; false when there was no such name. */
  delete(name: ModelName): Promise<boolean> {
    this.#usage.forget(nameKey(name));
    return remove(this.#context, name).finally(() => this.#changed());
  }

  /** A small layer's text. @throws PaddockError `bad_manifest` above 1 MiB, `model_unreadable` when missing */
  readText(digest: Digest): Promise<string> {
    return this.#texts.read(digest);
  }

  /**
   * The header of the model's weights, of several files joined; its lists where `lists`. Null where they are no GGUF.
   * @throws PaddockError `model_unreadable`, naming the fault
   */
  async readHeader(model: InstalledModel, lists = false): Promise<GgufHeader | null> {
    const weights = layersOf(model.manifest, 'model');
    if (model.config.model_format !== 'gguf' || weights.length === 0) return null;
    return (await readWeights(this.store, weights, { keepArray: () => lists })).header;
  }

  /** What an MLC model's texts say; null where it is none. @throws PaddockError `model_unreadable` */
  async readMlc({ config, manifest }: InstalledModel): Promise<MlcShown | null> {
    return config.model_format === 'mlc' ? showMlc(this.store, manifest) : null;
  }

  /** The files of the model's weights, in the order of their parts. */
  weights(model: InstalledModel): Promise<Layer[]> {
    return inPartOrder(this.store, layersOf(model.manifest, 'model'));
  }

  /** What lists say of a model's weights, which are looked into once. */
  facts(model: InstalledModel): Promise<WeightsFacts> {
    return factsOf(this.#context, model);
  }

  /** Notes that a model is used now; at most once a minute a model is anything written. */
  noteUse(name: ModelName): Promise<void> {
    return this.#usage.note(nameKey(name));
  }

  /** When models were last used, in milliseconds since the epoch, by `nameKey`. */
  usage(): Promise<Map<string, number>> {
    return this.#usage.all();
  }

  /** The header of a stored file that is no model's yet. @throws PaddockError `model_unreadable` */
  async fileHeader(digest: Digest): Promise<GgufHeader> {
    return readBlobHeader(await this.store.open(digest), { parts: true });
  }

  async *#forgetting(statuses: AsyncGenerator<PullStatus, void, void>) {
    try {
      yield* statuses;
    } finally {
      this.#changed();
    }
  }

  #changed() {
    this.#forget();
    this.#context.changed();
  }

  #forget() {
    this.#changes++;
    this.#known.clear();
  }
}
