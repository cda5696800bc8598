/** The host's one benchmark at a time. */
import type { BenchEvent } from '#core/bench/events';
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { BenchOrder } from './entrant';
import type { BenchHouse } from './house';
import { BenchJob } from './job';

export class Bench {
  readonly #house: BenchHouse;
  #job: BenchJob | undefined;

  constructor(house: BenchHouse) {
    this.#house = house;
  }

  /** Runs while it is read. @throws PaddockError `bench_running`; `aborted`; `internal` */
  async *run(order: BenchOrder, signal: AbortSignal): AsyncGenerator<BenchEvent, void, void> {
    this.requireFree();
    const job = new BenchJob(order, this.#house);
    this.#job = job;
    try {
      yield* job.events(signal);
    } finally {
      this.#job = undefined;
    }
  }

  /** @throws PaddockError `bench_running` */
  requireFree(): void {
    if (!this.#job) return;
    throw new PaddockError('bench_running', 'a benchmark is running already');
  }

  /** @throws PaddockError `bad_request` where none runs */
  pause(): void {
    this.#running().pause();
  }

  /** @throws PaddockError as `pause` */
  resume(): void {
    this.#running().resume();
  }

  /** A file is about to be deleted: candidates that have it end. */
  discard(digest: Digest): void {
    this.#job?.discard(digest);
  }

  #running(): BenchJob {
    if (this.#job) return this.#job;
    throw new PaddockError('bad_request', 'no benchmark is running');
  }
}
