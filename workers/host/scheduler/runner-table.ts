/** The loaded models, and the workers that were told to end and are not gone yet. */
import type { Digest } from '#core/digest';
import type { RunnerModel } from '#core/engine';
import { filesOf, fits } from './fits';
import type { LeaseRequest, LoadedEntry, Session } from './lease';
import { LoadedRunner } from './loaded-runner';
import type { RunnerProcess } from './runner-process';

export class RunnerTable {
  readonly #all = new Set<LoadedRunner>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #changed: () => void;

  /** `changed` is called when a model has left. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  add(runner: RunnerProcess, session: Session): LoadedRunner {
    const one = new LoadedRunner(runner, session, () => this.#forget(one));
    this.#all.add(one);
    return one;
  }

  get alive(): LoadedRunner[] {
    return [...this.#all].filter(({ runner }) => !runner.dead);
  }

  /** Those that no request uses. */
  get idle(): LoadedRunner[] {
    return this.alive.filter(({ inUse }) => !inUse);
  }

  endIdle(): void {
    for (const one of this.idle) one.end();
  }

  /** Who serves `request` as it is. */
  fitting(request: LeaseRequest): LoadedRunner | undefined {
    return this.alive.find(({ runner }) => fits(runner, request));
  }

  /** Who has these files, with whatever options. */
  withFiles(model: RunnerModel): LoadedRunner[] {
    return this.alive.filter(({ runner }) => filesOf(runner.model) === filesOf(model));
  }

  withFile(digest: Digest): LoadedRunner[] {
    return this.alive.filter(({ runner }) => hasFile(runner.model, digest));
  }

  /** The one that stays longest first. */
  list(now: number): LoadedEntry[] {
    const entries = this.alive.map((one) => one.entry(now));
    return entries.sort((a, b) => (a.expiresAt === b.expiresAt ? 0 : b.expiresAt - a.expiresAt));
  }

  /** Resolves when the memory of all that has ended is back, or nobody believes any more that it will be. */
  async gone(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  #forget(one: LoadedRunner): void {
    this.#all.delete(one);
    const gone = one.runner.gone().then(() => void this.#leaving.delete(gone));
    this.#leaving.add(gone);
    this.#changed();
  }
}

export function hasFile({ files }: RunnerModel, digest: Digest): boolean {
  return files.some((file) => file.digest === digest);
}
