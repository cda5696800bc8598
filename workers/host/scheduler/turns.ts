/**
 * Whose turn it is. Whoever waits is looked at in the order of coming, each time that something has changed: a model
 * that is loaded and free is used at once; of those that need a load the first makes room and loads, while others go on
 * with what is loaded. Where it waits for the end of a model in use, later requests for that one wait behind it.
 */
import { PaddockError } from '#core/errors';
import { NOT_LOADED, type LeaseRequest } from './lease';
import type { Line, Waiter } from './line';
import type { LoadedRunner } from './loaded-runner';
import type { Loads } from './loads';
import type { Memory } from './memory';
import { taken } from './memory-budget';
import type { Recovery } from './recovery';
import { inTheWay, leavingOrder, overBudget } from './room';
import type { RunnerTable } from './runner-table';

export interface TurnsOptions {
  line: Line;
  table: RunnerTable;
  loads: Loads;
  memory: Memory;
  recovery: Pick<Recovery, 'prepared'>;
  now(): number;
}

export class Turns {
  readonly #options: TurnsOptions;
  /** Lost models that load again when nobody else needs a load. */
  #rebuilds: LeaseRequest[] = [];
  #isLooking = false;
  #looksAgain = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Gives whoever can go on what it waits for. */
  next(): void {
    this.#looksAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#looksAgain) {
        this.#looksAgain = false;
        this.#look();
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /**
   * Loads a lost model again, though nobody asks yet: whose reply broke off is about to press Continue, and so waits
   * for a part of the load, or for nothing. The next request for it takes the load over, any other that needs one ends
   * it. Nothing is unloaded for it, and where it fails nothing more is done until somebody asks.
   */
  rebuild(request: LeaseRequest): void {
    this.#rebuilds.push(request);
  }

  /** What was to load again and `is` so is not to any more. */
  forgetRebuilds(is: (request: LeaseRequest) => boolean): void {
    this.#rebuilds = this.#rebuilds.filter((request) => !is(request));
  }

  /** Ends what is in nobody's use where `loaded` has taken more than it was expected to. */
  trim(loaded: LoadedRunner): void {
    const { table, memory } = this.#options;
    for (;;) {
      const others = table.alive.filter((one) => one !== loaded);
      if (others.length === 0 || !memory.budget) return;
      const over = overBudget(others, taken(loaded.info), memory.budget);
      const idle = leavingOrder(over).find((one) => this.#isIdle(one));
      if (!idle) return;
      idle.end();
    }
  }

  #look(): void {
    const { line, table, now } = this.#options;
    const seen = { joined: false, turn: true };
    for (const one of line.all) {
      if (one.request === null) {
        this.#rebuilds = [];
        if (line.all[0] === one && this.#isFree()) {
          line.grant(one);
          table.endIdle();
          this.#looksAgain = true; // for those behind it, where there was nothing to end
        }
        break;
      }
      try {
        this.#serve(one, seen);
      } catch (error) {
        line.refuse(one, error); // or the next look would end here too, and nobody behind it would have a turn
        this.#looksAgain = true;
      }
    }
    if (!seen.turn) this.#rebuilds = [];
    this.#beginRebuild();
    for (const one of table.idle) one.rest(now());
  }

  /** `seen`: whether somebody before it waits for the load under way; whether nobody before it wants one of its own. */
  #serve(one: Waiter, seen: { joined: boolean; turn: boolean }): void {
    const { line, table, loads } = this.#options;
    const fitting = table.fitting(one.request);
    if (one.request.onlyLoaded && (!fitting || fitting.isUnwanted)) {
      line.refuse(one, NOT_LOADED);
    } else if (fitting) {
      if (fitting.inUse) return;
      fitting.use(one.request, one.ticket);
      line.grant(one, fitting);
    } else if (loads.current?.serves(one.request)) {
      if (!seen.joined) this.#join(one);
      seen.joined = true;
    } else if (seen.turn) {
      seen.turn = false;
      if (this.#mayLoad(one)) this.#begin(one);
    }
  }

  /** The first of those who wait for a load gives it its name, and its time. */
  #join(one: Waiter): void {
    const current = this.#options.loads.current!;
    if (current.unasked) {
      const keepAliveMs = one.request.keepAliveMs ?? current.session.keepAliveMs;
      one.request = { ...one.request, keepAliveMs }; // what was lost stays as long as it did
      current.unasked = false;
    }
    current.session = one.request;
    one.called = true;
  }

  #begin(one: Waiter): void {
    one.called = true;
    one.victim = undefined;
    this.#options.loads.begin(this.#options.recovery.prepared(one.request));
  }

  #beginRebuild(): void {
    const [request] = this.#rebuilds;
    if (!request || this.#options.loads.current) return;
    const obstacles = this.#obstacles(request);
    if (!obstacles) return;
    this.#rebuilds.shift();
    if (obstacles.length === 0) {
      this.#options.loads.begin(this.#options.recovery.prepared(request), true);
    } else this.#looksAgain = true;
  }

  /** Whether nothing is loading or in use; what loads unasked is ended. */
  #isFree(): boolean {
    const { alive, idle } = this.#options.table;
    return !this.#stopUnasked() && idle.length === alive.length;
  }

  /** Whether there is a load, which goes on only if somebody waits for it. */
  #stopUnasked(): boolean {
    const { current } = this.#options.loads;
    if (current?.unasked) {
      void current.stop(new PaddockError('aborted', 'Nobody waits for this model.'));
    }
    return current !== undefined;
  }

  /** Makes room for `one`: of what is in the way the idle model with the shortest session goes; else it waits for the shortest. */
  #mayLoad(one: Waiter): boolean {
    if (this.#stopUnasked()) return false;
    for (;;) {
      const obstacles = this.#obstacles(one.request);
      if (!obstacles) return false;
      if (obstacles.length === 0) return true;
      const order = leavingOrder(obstacles);
      const idle = order.find((other) => this.#isIdle(other));
      if (!idle) {
        if (!one.victim || !obstacles.includes(one.victim)) one.victim = order[0]!;
        if (one.victim.inUse) return false;
      }
      (idle ?? one.victim!).end();
    }
  }

  /** Of what is loaded that of which something has to go before `request` loads; undefined: not known yet. */
  #obstacles(request: LeaseRequest): LoadedRunner[] | undefined {
    const { table, memory, recovery } = this.#options;
    const own = table.withFiles(request.model);
    if (own.length > 0) return own;
    const loaded = table.alive;
    if (loaded.length === 0) return [];
    const { budget } = memory;
    return budget && inTheWay(loaded, memory.need(recovery.prepared(request)), budget);
  }

  /** Whether nobody uses it, or waits to. */
  #isIdle(one: LoadedRunner): boolean {
    const { line, table } = this.#options;
    return !one.inUse && !line.waiters.some(({ request }) => table.fitting(request) === one);
  }
}
