import { isAbort, toWire, type WireError } from '#core/errors';
import { formatBytes } from '#core/format';
import * as m from '#core/messages/stored';
import type { CheckLine, StorageReport } from '#core/paddock-api';
import { whileBusy } from '$lib/client/busy';
import { storageEstimate, type StorageFigures } from '$lib/client/paddock';
import {
  checkStorage,
  collectStorage,
  repairModel,
  storageReport,
  type RepairLine,
} from '$lib/client/storekeeping';
import { models } from './models.svelte';

/** What goes on, and how far it is in bytes; `total` is 0 while that is not known. */
export interface StoreWork {
  kind: 'check' | 'repair';
  /** Of a repair. */
  model: string;
  status: string;
  completed: number;
  total: number;
}

/** Owns what the Models page knows of this device's storage, and the one check or repair that it runs. */
class Storekeeping {
  #report = $state.raw<StorageReport | null>(null);
  #figures = $state.raw<StorageFigures | null>(null);
  #error = $state.raw<WireError | null>(null);
  #work = $state.raw<StoreWork | null>(null);
  #failure = $state.raw<{ error: WireError; repairing: string | null } | null>(null);
  #outcome = $state('');
  #abort = new AbortController();

  /** Null until it has been read. */
  get report() {
    return this.#report;
  }

  /** The browser's own figures, persistence among them. */
  get figures() {
    return this.#figures;
  }

  /** Why the report could not be read. */
  get error() {
    return this.#error;
  }

  get work() {
    return this.#work;
  }

  /** Why the last check, repair or removal failed; with the model, where it was repaired. */
  get failure() {
    return this.#failure;
  }

  /** How it ended, in words; empty before. */
  get outcome() {
    return this.#outcome;
  }

  async refresh() {
    try {
      [this.#report, this.#figures] = await Promise.all([storageReport(), storageEstimate()]);
      this.#error = null;
    } catch (error) {
      this.#error = toWire(error);
    }
  }

  async check() {
    await this.#run({ kind: 'check', model: '' }, m.stored_check_stopped, async (signal) => {
      let last: CheckLine | undefined;
      for await (const line of checkStorage(signal)) this.#take((last = line));
      const damaged = last?.damaged?.length ?? 0;
      return damaged === 0
        ? m.stored_checked_whole({ size: formatBytes(last?.total ?? 0) })
        : m.stored_checked_damaged({ count: damaged });
    });
  }

  /** @param accept the digest of a library that may take the known one's place */
  async repair(model: string, accept?: string) {
    await this.#run({ kind: 'repair', model }, m.stored_repair_stopped, async (signal) => {
      for await (const line of repairModel(model, signal, accept)) this.#take(line);
      return m.stored_repaired({ model });
    });
    await models.refresh();
  }

  stop() {
    this.#abort.abort();
  }

  /** Removes what nothing needs. */
  async collect() {
    await this.#try(async () => {
      const { size } = await collectStorage();
      return m.stored_freed({ size: formatBytes(size) });
    });
  }

  /** Deletes models, one after the other; stops at the first that cannot be. */
  async remove(names: string[]) {
    await this.#try(async () => {
      for (const name of names) await models.remove(name);
      return m.stored_deleted({ count: names.length });
    });
  }

  async #run(
    work: Pick<StoreWork, 'kind' | 'model'>,
    stopped: () => string,
    run: (signal: AbortSignal) => Promise<string>,
  ) {
    if (this.#work) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#work = { ...work, status: '', completed: 0, total: 0 };
    await this.#try(async () => {
      try {
        return await whileBusy(() => run(signal));
      } catch (error) {
        if (signal.aborted || isAbort(error)) return stopped();
        throw error;
      } finally {
        this.#work = null;
      }
    }, work.model || null);
  }

  async #try(work: () => Promise<string>, repairing: string | null = null) {
    this.#failure = null;
    this.#outcome = '';
    try {
      this.#outcome = await work();
    } catch (error) {
      this.#failure = { error: toWire(error), repairing };
    }
    await this.refresh();
  }

  #take({ status, completed, total }: RepairLine) {
    if (!this.#work) return;
    const figures = { completed: completed ?? 0, total: total ?? 0 };
    this.#work = { ...this.#work, status, ...figures };
  }
}

export const storekeeping = new Storekeeping();
