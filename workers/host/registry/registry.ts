/** Names to models: what is installed, pulling, deleting. Owns IndexedDB `paddock-models`; the bytes are the puller's. */
import type { Digest } from '#core/digest';
import type { GgufHeader } from '#core/gguf';
import { layersOf } from '#core/manifest';
import { nameKey, type ModelName } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import { readBlobHeader } from '#store/blob-header';
import type { BlobStore } from '#store/blob-store';
import { browserEstimate } from '#store/storage-error';
import type { RegistryContext, RegistryOptions } from './context';
import { RegistryDb } from './db';
import { collect } from './gc';
import { get, list, remove, type InstalledModel } from './installed';
import { Lock } from './lock';
import { Pins } from './pins';
import { pull, type PullStatus } from './pull';
import { PART_SIZE } from './run-transfer';
import { storeBytes, type BytesProgress } from './store-bytes';
import { Texts } from './text';
import { Transfers } from './transfers';

export type { InstalledModel } from './installed';
export type { PullStatus } from './pull';

export class Registry {
  readonly store: BlobStore;
  readonly #context: RegistryContext;
  readonly #transfers: Transfers;
  readonly #texts: Texts;
  /** What `get` found: it is asked before every reply, and only this registry changes it. */
  readonly #known = new Map<string, InstalledModel>();
  #changes = 0;

  private constructor(context: RegistryContext) {
    this.store = context.store;
    this.#context = context;
    this.#transfers = new Transfers(context);
    this.#texts = new Texts(context.store);
  }

  /** Cleans up what earlier sessions left. @throws PaddockError `storage_missing`, `storage_denied`, `storage_failed` */
  static async open(options: RegistryOptions): Promise<Registry> {
    const defaults = {
      db: new RegistryDb(),
      estimate: browserEstimate,
      now: () => Date.now(),
      partSize: PART_SIZE,
      changed: () => {},
      onRefused: () => {},
    };
    const own = { pins: new Pins(), cleaning: new Lock(), sizes: new Map<Digest, number>() };
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
  pull(target: PullTarget, signal: AbortSignal): AsyncGenerator<PullStatus, void, void> {
    return this.#forgetting(pull(this.#context, this.#transfers, target, signal));
  }

  /** See `store-bytes.ts`. */
  storeBytes(
    blob: Blob,
    digest: Digest | null,
    signal: AbortSignal,
  ): AsyncGenerator<BytesProgress, Digest, void> {
    return storeBytes(this.#context, this.#transfers, blob, digest, signal);
  }

  /** Removes the name and the blobs that nobody else uses; false when there was no such name. */
  delete(name: ModelName): Promise<boolean> {
    return remove(this.#context, name).finally(() => this.#changed());
  }

  /** A small layer's text. @throws PaddockError `bad_manifest` above 1 MiB, `model_unreadable` when missing */
  readText(digest: Digest): Promise<string> {
    return this.#texts.read(digest);
  }

  /**
   * The header of the model's weights, with its lists where `lists`; null where they are no GGUF.
   * @throws PaddockError `model_unreadable`, naming the fault
   */
  async readHeader(model: InstalledModel, lists = false): Promise<GgufHeader | null> {
    const [weights] = layersOf(model.manifest, 'model');
    if (model.config.model_format !== 'gguf' || !weights) return null;
    return readBlobHeader(await this.store.open(weights.digest), { keepArray: () => lists });
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
