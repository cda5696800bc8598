/** A loaded model: who uses it, and until when it stays. Ollama counts a keep-alive from the end of the last use. */
import { DEFAULT_KEEP_ALIVE_MS } from '#core/duration';
import type { Activity, EngineInfo } from '#core/engine';
import type { LoadedEntry, ModelAbout, Session } from './lease';
import type { RunnerProcess } from './runner-process';

/** The longest delay that setTimeout takes (2^31 - 1 ms, 24.8 days). */
const MAX_TIMEOUT = 2_147_483_647;

export class LoadedRunner {
  readonly runner: RunnerProcess;
  /** The name that it was last asked for under. */
  name: string;
  /** Names of the same files share a runner. */
  readonly #names = new Set<string>();
  #about: ModelAbout | undefined;
  /** Ollama's session duration: what the last request that said one asked for. */
  keepAliveMs: number;
  inUse = false;
  /** How far the prompt is that it reads; null: it reads none. */
  prompt: Pick<Activity, 'done' | 'total'> | null = null;
  /** A reply's first word is out, its last is not. */
  writing = false;
  /** Whoever has a later ticket than this wants it again; absent: nobody asked to unload it. */
  #unwantedTo: number | undefined;
  /** Milliseconds since the epoch; absent: its keep-alive does not run. */
  #expiresAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  readonly #forget: (one: LoadedRunner) => void;

  /** `forget` is called once, when it was ended or ended by itself. */
  constructor(
    runner: RunnerProcess,
    { name, about, keepAliveMs = DEFAULT_KEEP_ALIVE_MS }: Session,
    forget: (one: LoadedRunner) => void,
  ) {
    this.runner = runner;
    this.name = name;
    this.#names.add(name);
    this.#about = about;
    this.keepAliveMs = keepAliveMs;
    this.#forget = forget;
    void runner.died.then(() => this.#leave());
  }

  get info(): EngineInfo {
    return this.runner.info;
  }

  get isUnwanted(): boolean {
    return this.#unwantedTo !== undefined;
  }

  use({ name, about, keepAliveMs = this.keepAliveMs }: Session, ticket: number): void {
    this.#stopTimer();
    this.name = name;
    this.#names.add(name);
    this.#about = about;
    this.keepAliveMs = keepAliveMs;
    this.inUse = true;
    if (ticket > (this.#unwantedTo ?? Infinity)) this.#unwantedTo = undefined;
  }

  /** Whoever used it does no more; `rest` follows where nobody else does. */
  free(): void {
    this.inUse = false;
    this.prompt = null;
    this.writing = false;
  }

  /** Starts the keep-alive, unless it runs. */
  rest(now: number): void {
    if (this.#over || this.#expiresAt !== undefined) return;
    if (this.isUnwanted || this.keepAliveMs <= 0) return this.end();
    this.#expiresAt = now + this.keepAliveMs;
    if (this.keepAliveMs < Infinity) this.#endAfter(this.keepAliveMs);
  }

  #endAfter(ms: number): void {
    const part = Math.min(ms, MAX_TIMEOUT);
    const next = () => (ms > part ? this.#endAfter(ms - part) : this.end());
    this.#timer = setTimeout(next, part);
  }

  /** It ends after those who came up to `ticket`. */
  unwant(ticket: number): void {
    this.#unwantedTo = ticket;
  }

  end(): void {
    this.runner.end();
    this.#leave();
  }

  /** As lists have it: one in use has its whole keep-alive before it. */
  entry(now: number): LoadedEntry {
    const { name, runner, info } = this;
    const expiresAt = this.#expiresAt ?? now + this.keepAliveMs;
    const names = [...this.#names];
    return { name, names, about: this.#about, model: runner.model, info, expiresAt };
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#expiresAt = undefined;
  }

  #leave(): void {
    this.#stopTimer();
    if (this.#over) return;
    this.#over = true;
    this.#forget(this);
  }
}
