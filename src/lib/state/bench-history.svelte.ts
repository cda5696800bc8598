import type { BenchRun } from '#core/bench/run';
import { toWire, type WireError } from '#core/errors';
import { deleteBench, latestFirst, listBenches, putBench } from '$lib/storage/benches';
import type { BenchRecord } from '$lib/storage/records';

/** Owns the benchmarks that are kept on this device. */
class BenchHistory {
  #all = $state.raw<BenchRecord[] | null>(null);
  #error = $state.raw<WireError | null>(null);

  /** The latest run first; null until they have been read. */
  get all() {
    return this.#all;
  }

  /** Why the list could not be read, or a record not be removed or brought back. */
  get error() {
    return this.#error;
  }

  find(id: string): BenchRecord | undefined {
    return this.#all?.find((one) => one.id === id);
  }

  async refresh(): Promise<void> {
    await this.#try(async () => void (this.#all = await listBenches()));
  }

  /** Writes `run`, over what is there of it. `from`: the file that it was read from. @throws PaddockError */
  async keep(run: BenchRun, from?: string): Promise<void> {
    const record: BenchRecord = { id: run.id, savedAt: Date.now(), ...(from ? { from } : {}), run };
    await putBench(record);
    this.#put(record);
  }

  /** Resolves with what brings it back; null when it could not be removed. */
  async remove(record: BenchRecord): Promise<(() => Promise<void>) | null> {
    const done = await this.#try(async () => {
      await deleteBench(record.id);
      this.#all = this.#all?.filter(({ id }) => id !== record.id) ?? null;
    });
    return done ? () => this.#restore(record) : null;
  }

  async #restore(record: BenchRecord) {
    await this.#try(async () => {
      await putBench(record);
      this.#put(record);
    });
  }

  #put(record: BenchRecord) {
    if (!this.#all) return; // the list is read when somebody looks
    const others = this.#all.filter(({ id }) => id !== record.id);
    this.#all = [record, ...others].sort(latestFirst);
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.#error = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.#error = toWire(error);
      return false;
    }
  }
}

export const benchHistory = new BenchHistory();
