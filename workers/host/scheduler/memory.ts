/** What there is for models on this device, asked once, and what each takes. */
import type { EngineInfo } from '#core/engine';
import { WANTED } from '#core/fit';
import type { DeviceLimits } from '#core/paddock-api';
import { filesOf } from './fits';
import type { LeaseRequest } from './lease';
import {
  estimate,
  memoryBudget,
  NO_BUDGET,
  taken,
  type MemoryBudget,
  type MemoryNeed,
} from './memory-budget';

export class Memory {
  readonly #read: () => Promise<DeviceLimits>;
  readonly #told: () => void;
  /** Null: it could not be read. */
  #limits: DeviceLimits | null | undefined;
  #asking = false;
  /** What each model was when it was last loaded, by its files. */
  readonly #before = new Map<string, EngineInfo>();

  /** `told` is called when what was not known has been read. */
  constructor(read: () => Promise<DeviceLimits>, told: () => void) {
    this.#read = read;
    this.#told = told;
  }

  /** Undefined while it is asked for. */
  get budget(): MemoryBudget | undefined {
    if (this.#limits) return memoryBudget(this.#limits);
    if (this.#limits === null) return NO_BUDGET;
    if (!this.#asking) void this.#ask();
    return undefined;
  }

  /** Of a model before it loads; as it was the last time, but for its context. */
  need({ model, options }: LeaseRequest): MemoryNeed {
    const before = this.#before.get(filesOf(model));
    const limits = this.#limits ?? { adapter: null, threads: 1 };
    if (!before || (options.num_gpu === 0) !== (before.noWebGpu === 'asked_cpu')) {
      return estimate(model, options, limits);
    }
    const { bytes, contextLength, contextTrained } = before;
    const wanted = options.num_ctx || WANTED;
    const context = Math.min(wanted, contextTrained || wanted); // engines give no more
    const cache = (bytes.cache * context) / contextLength;
    return taken({ ...before, bytes: { ...bytes, cache } });
  }

  /** It was loaded so; and what could not be read is asked for again when it is next needed. */
  loaded({ model }: LeaseRequest, info: EngineInfo): void {
    this.#before.set(filesOf(model), info);
    this.#limits ??= undefined;
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      this.#limits = await this.#read();
    } catch (error) {
      console.warn('One model is kept in memory at a time: how much there is was not told.', error);
      this.#limits = null;
    } finally {
      this.#asking = false;
    }
    this.#told();
  }
}
