import type { BenchRun } from '#core/bench/run';
import { toWire, type WireError } from '#core/errors';
import {
  countBenches,
  deleteBench,
  latestFirst,
  listBenches,
  putBench,
  readBench,
  tellBench,
  type BenchPlace,
} from '$lib/storage/benches';
import { watchChanges } from '$lib/storage/changes';
import type { BenchRecord } from '$lib/storage/records';

/** Records that are read at once: more than anybody looks at. */
export const BENCH_PAGE = 20;

/** Owns the benchmarks that are kept on this device. */
class BenchHistory {
  #all = $state.raw<BenchRecord[] | null>(null);
  /** Asked for by their ids; null: it is not here. */
  #asked = $state.raw<ReadonlyMap<string, BenchRecord | null>>(new Map());
  #unreadable = $state.raw<string[]>([]);
  #total = $state(0);
  #error = $state.raw<WireError | null>(null);
  /** Behind which others have yet to be read; null: nothing is. */
  #end = $state.raw<BenchPlace | null>(null);

  constructor() {
    watchChanges((change) => {
      if (change.type === 'benches') void this.#changed(change.ids);
    });
  }

  /** As far as they were read, the one that came last first; null until then. */
  get all() {
    return this.#all;
  }

  /** How many are here that were not read yet. */
  get left(): number {
    const read = (this.#all?.length ?? 0) + this.#unreadable.length;
    return this.#end ? Math.max(0, this.#total - read) : 0;
  }

  /** Ids of those that were read and cannot be used. */
  get unreadable() {
    return this.#unreadable;
  }

  /** Why the list could not be read, or a record not be removed or brought back. */
  get error() {
    return this.#error;
  }

  /** Null: it is not on this device; undefined: it was not read yet (see `ask`). */
  find(id: string): BenchRecord | null | undefined {
    return this.#all?.find((one) => one.id === id) ?? this.#asked.get(id);
  }

  /** Reads what is not known of them. */
  async ask(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => this.find(id) === undefined);
    await this.#try(async () => {
      const read = unknown.map(async (id) => [id, await readBench(id)] as const);
      const found = await Promise.all(read);
      if (found.length > 0) this.#asked = new Map([...this.#asked, ...found]);
    });
  }

  /** Reads the first page. */
  async refresh(): Promise<void> {
    await this.#try(async () => {
      const { records, unreadable, end } = await listBenches(BENCH_PAGE);
      this.#total = await countBenches();
      this.#all = records;
      this.#unreadable = unreadable;
      this.#end = end;
    });
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const after = this.#end;
    if (!after) return;
    await this.#try(async () => {
      const { records, unreadable, end } = await listBenches(BENCH_PAGE, after);
      this.#total = await countBenches();
      this.#put(...records);
      this.#unreadable = [...new Set([...this.#unreadable, ...unreadable])];
      this.#end = end;
    });
  }

  /** Writes `run` as far as it has come; `settle` ends that. @throws PaddockError */
  async keep(run: BenchRun): Promise<void> {
    const record = { id: run.id, savedAt: Date.now(), run };
    await putBench(record);
    this.#put(record);
  }

  /** It is measured no more: other tabs are told what there is of it. */
  async settle(id: string): Promise<void> {
    tellBench(id);
    await this.#count();
  }

  /** Writes a run that the file `from` brought, unless it is here already. @throws PaddockError */
  async bring(run: BenchRun, from: string): Promise<void> {
    if (await readBench(run.id)) return; // one that was measured here stays what it is
    await this.#write({ id: run.id, savedAt: Date.now(), from, run });
  }

  /** Resolves with what brings it back; null when it could not be removed. */
  async remove(record: BenchRecord): Promise<(() => Promise<void>) | null> {
    const done = await this.#try(async () => {
      await deleteBench(record.id);
      this.#forget(record.id);
      tellBench(record.id);
      await this.#count();
    });
    return done ? () => this.#restore(record) : null;
  }

  async #restore(record: BenchRecord) {
    await this.#try(() => this.#write(record));
  }

  async #write(record: BenchRecord) {
    await putBench(record);
    this.#put(record);
    tellBench(record.id);
    await this.#count();
  }

  /** Another tab wrote or removed these. */
  async #changed(ids: string[]) {
    await this.#try(async () => {
      for (const id of ids) {
        const record = await readBench(id);
        if (record) this.#put(record);
        else this.#forget(id);
      }
      this.#total = await countBenches();
    });
  }

  async #count() {
    await this.#try(async () => void (this.#total = await countBenches()));
  }

  #put(...records: BenchRecord[]) {
    const put = new Map(records.map((record) => [record.id, record]));
    const asked = [...this.#asked].map(([id, known]) => [id, put.get(id) ?? known] as const);
    this.#asked = new Map(asked);
    if (!this.#all) return; // the list is read when somebody looks
    const others = this.#all.filter(({ id }) => !put.has(id));
    this.#all = [...records, ...others].sort(latestFirst);
  }

  #forget(id: string) {
    this.#all = this.#all?.filter((one) => one.id !== id) ?? null;
    this.#asked = new Map([...this.#asked, [id, null]]);
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
