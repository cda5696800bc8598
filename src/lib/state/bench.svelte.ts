import type { BenchEvent, BenchRequest, BenchStep } from '#core/bench/events';
import type { BenchRun } from '#core/bench/run';
import { isAbort, toWire, type WireError } from '#core/errors';
import { holdBench, runBench } from '$lib/client/bench';
import { whileBusy } from '$lib/client/busy';
import { RunFold } from './bench-events';
import { benchHistory } from './bench-history.svelte';

/** The benchmark that this tab runs, or ran last. It goes on while other pages are shown, and ends with the tab. */
class Bench {
  #running = $state(false);
  #run = $state.raw<BenchRun | null>(null);
  #step = $state.raw<BenchStep | null>(null);
  #time = $state.raw<{ doneMs: number; leftMs: number | null }>({ doneMs: 0, leftMs: null });
  #tokens = $state(0);
  #written = $state.raw<{ tokens: number; of: number } | null>(null);
  #holding = $state(false);
  #error = $state.raw<WireError | null>(null);
  #saveError = $state.raw<WireError | null>(null);
  #abort = new AbortController();
  #saving: Promise<void> | undefined;
  /** What was asked last, as text. */
  #asked = '';
  #unsaved: BenchRun | null = null;
  #fold = new RunFold();

  get running() {
    return this.#running;
  }

  /** As far as it has come; null before its plan is there. */
  get run() {
    return this.#run;
  }

  /** What it does now; null while it does not run. */
  get step() {
    return this.#step;
  }

  /** Milliseconds of the whole run; `leftMs` null while there is nothing to reckon by. */
  get time() {
    return this.#time;
  }

  /** Of the repetition under way. */
  get tokens() {
    return this.#tokens;
  }

  /** Of the reference, while it is written. */
  get written() {
    return this.#written;
  }

  /** A pause was asked for; it begins behind the repetition under way. */
  get holding() {
    return this.#holding;
  }

  /** Why the last one did not begin, or ended early; or why it was not held. */
  get error() {
    return this.#error;
  }

  /** Why what was measured could not be written to the history; it is in `run`. */
  get saveError() {
    return this.#saveError;
  }

  /** Measures to the end, to `cancel` or to a failure, which `error` tells. Resolves then, and never rejects. */
  async start(request: BenchRequest): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#asked = JSON.stringify(request);
    this.#run = this.#step = this.#error = this.#saveError = null;
    this.#time = { doneMs: 0, leftMs: null };
    this.#tokens = 0;
    this.#written = null;
    this.#holding = false;
    this.#fold = new RunFold();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      await whileBusy(async () => {
        for await (const event of runBench(request, signal)) this.#take(event);
      });
      this.#error = null; // that it was not held says nothing about the result
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.#error = toWire(error);
    }
    await this.#saving;
    this.#step = null;
    this.#running = false;
    const { run } = this;
    if (run) await benchHistory.settle(run.id);
  }

  /** Something else may be chosen now: then why the last one was refused is told no more. */
  choose(request: BenchRequest | null) {
    if (this.#running || this.#run || JSON.stringify(request) === this.#asked) return;
    this.#error = null;
  }

  /** Ends it; what was measured stays. */
  cancel() {
    this.#abort.abort();
  }

  async hold(wanted: boolean): Promise<void> {
    const asked = this.#abort;
    this.#error = null;
    this.#holding = wanted;
    try {
      await holdBench(wanted ? 'pause' : 'resume');
    } catch (error) {
      if (!this.#running || this.#abort !== asked) return; // it ended meanwhile: nothing was left to hold
      this.#holding = !wanted;
      this.#error = toWire(error);
    }
  }

  /** Tries again to write what could not be written. */
  async save(): Promise<void> {
    if (!this.#run) return;
    this.#keep(this.#run);
    await this.#saving;
    await benchHistory.settle(this.#run.id);
  }

  #take(event: BenchEvent) {
    if (event.type === 'step') {
      const { step, doneMs, leftMs } = event;
      this.#step = step;
      this.#time = { doneMs, leftMs };
      this.#tokens = 0;
      this.#written = null;
    } else if (event.type === 'tokens') {
      this.#tokens += event.tokens;
    } else if (event.type === 'written') {
      const { tokens, of, doneMs, leftMs } = event;
      this.#written = { tokens, of };
      this.#time = { doneMs, leftMs };
    } else {
      const isResult = this.#fold.take(event);
      this.#run = this.#fold.run;
      // At once: a tab that closes cannot wait for a write.
      if (isResult && this.#run) this.#keep(this.#run);
    }
  }

  /** One write after the other; of those that come meanwhile the last. */
  #keep(run: BenchRun) {
    this.#unsaved = run;
    this.#saving ??= this.#write().finally(() => (this.#saving = undefined));
  }

  async #write() {
    for (let run = this.#unsaved; run; run = this.#unsaved) {
      this.#unsaved = null;
      try {
        await benchHistory.keep(run);
        this.#saveError = null;
      } catch (error) {
        this.#saveError = toWire(error);
      }
    }
  }
}

export const bench = new Bench();
