/** Splits a load by what its runner tells of it, and by the engine's own figures where it has some. */
import type { LoadSplit } from '#core/bench/run';
import type { EngineInfo, LoadProgress } from '#core/engine';

type Phase = LoadProgress['phase'];

export class LoadMeter {
  readonly #now: () => number;
  readonly #begun: number;
  /** Milliseconds by phase. */
  readonly #spent = new Map<Phase, number>();
  /** Until the weights begin to come it is the worker and the engine's code that is waited for. */
  #phase: Phase = 'engine';
  #since: number;

  /** Begins to count. `now`: milliseconds, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
    this.#begun = this.#since = now();
  }

  take({ phase }: LoadProgress): void {
    this.#turn(phase);
  }

  /** @param firstTokenMs of the first pass, which is a part of the whole */
  split(cold: boolean, { times }: Pick<EngineInfo, 'times'>, firstTokenMs: number): LoadSplit {
    const loaded = this.#end - this.#begun;
    const spent = (phase: Phase) => this.#spent.get(phase) ?? null;
    return {
      cold,
      totalMs: loaded + firstTokenMs,
      engineMs: spent('engine'),
      readMs: times?.read ?? spent('weights'),
      uploadMs: times?.upload ?? null,
      compileMs: times?.compile ?? spent('shaders'),
      firstTokenMs,
    };
  }

  #end = 0;

  /** The load is done; what follows does not count. */
  stop(): void {
    this.#turn(this.#phase);
    this.#end = this.#since;
  }

  #turn(next: Phase): void {
    const now = this.#now();
    this.#spent.set(this.#phase, (this.#spent.get(this.#phase) ?? 0) + now - this.#since);
    this.#phase = next;
    this.#since = now;
  }
}
