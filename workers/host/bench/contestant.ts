/** One candidate with its runner: loaded, asked for repetitions, ended. Knows nothing of what disturbs it. */
import { promptLength, tokensToGenerate, OLLAMA_MESSAGE } from '#core/bench/sets';
import { PromptDraw } from '#core/bench/draw';
import { DRAW_TEXT } from '#core/bench/prompts';
import type { BenchTest, Candidate, LoadSplit } from '#core/bench/run';
import type { EngineInfo, LoadOptions, RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Measured, MeasureParams } from '#core/methods';
import { RunnerProcess, type StartRunner } from '../scheduler/runner-process';
import { LoadMeter } from './load-meter';

export interface ContestantOptions {
  candidate: Candidate;
  model: RunnerModel;
  /** Tokens of context. */
  context: number;
  /** The engine's name for the runner, where it is not the candidate's. */
  engine?: string;
  /** Of the draw of prompts. */
  seed: number;
  startRunner: StartRunner;
  /** Milliseconds, monotonic. */
  now(): number;
}

export class Contestant {
  /** Workers that were told to end, whoever's: their memory is back when they are gone, and not before. */
  static readonly #leaving = new Set<Promise<void>>();

  readonly #options: ContestantOptions;
  readonly #stopping = new AbortController();
  #refusal: PaddockError | undefined;
  #runner: RunnerProcess | undefined;
  #draw: PromptDraw | undefined;
  /** What a text begins with for this model, if anything. */
  #start: number[] = [];
  /** What is in the context before the tests at each depth. */
  readonly #depths = new Map<number, number[]>();

  constructor(options: ContestantOptions) {
    this.#options = options;
  }

  get model(): RunnerModel {
    return this.#options.model;
  }

  /** Of what is loaded. */
  get info(): EngineInfo {
    return this.#loaded().info;
  }

  /**
   * Loads it anew, to its first token. @throws PaddockError what the load says; `no_gpu` when it is not on the backend
   * that was asked for; what `stop` was given
   */
  load(cold: boolean, signal: AbortSignal): Promise<LoadSplit> {
    return this.#unlessStopped(signal, async (until) => {
      const { startRunner, model, now } = this.#options;
      this.#free();
      await Promise.all(Contestant.#leaving);
      until.throwIfAborted();
      const meter = new LoadMeter(now);
      this.#runner = await RunnerProcess.start(
        startRunner,
        model,
        this.#loadOptions(),
        until,
        (p) => meter.take(p),
      );
      meter.stop();
      this.#requireBackend();
      await this.#learnTokens(until);
      const first = await this.#measure({ prompt: this.#short(), generate: 1 }, until);
      return meter.split(cold, this.info, first.sample.firstTokenMs);
    });
  }

  /** One repetition, with a prompt that no cache knows. @throws PaddockError as `load` */
  repetition(
    test: BenchTest,
    signal: AbortSignal,
    told: (tokens: number) => void,
  ): Promise<Measured> {
    return this.#unlessStopped(signal, async (until) => {
      const generate = tokensToGenerate(test);
      const length = promptLength(test);
      if (length === null) {
        const messages = [{ role: 'user' as const, content: OLLAMA_MESSAGE }];
        return this.#measure({ prompt: { messages }, generate }, until, told);
      }
      const before = await this.#reach(test.depth, until);
      const fresh =
        length - test.depth === 1 ? this.#short(before) : this.#drawn(length - test.depth);
      const keep = test.depth > 0 ? { keep: test.depth } : {};
      return this.#measure({ prompt: [...before, ...fresh], generate, ...keep }, until, told);
    });
  }

  /** What it writes greedily behind `prompt`, which may be in its cache. @throws PaddockError as `load` */
  continued(
    prompt: number[],
    generate: number,
    signal: AbortSignal,
    told?: (tokens: number) => void,
  ): Promise<number[]> {
    return this.#unlessStopped(signal, async (until) => {
      const params = { prompt, generate, keep: prompt.length, ids: true };
      return (await this.#measure(params, until, told)).ids ?? [];
    });
  }

  /** A text's tokens. @throws PaddockError as `load` */
  tokenize(text: string, signal: AbortSignal): Promise<number[]> {
    return this.#unlessStopped(signal, (until) => this.#loaded().tokenize(text, until));
  }

  /** Ends it for good: what is under way, and what comes, is refused with `error`. */
  stop(error: PaddockError): void {
    this.#refusal ??= error;
    this.#stopping.abort(error);
    this.#free();
  }

  /** Frees its memory. */
  end(): void {
    this.#free();
  }

  #free(): void {
    const runner = this.#runner;
    if (!runner) return;
    this.#runner = undefined;
    runner.end();
    const gone = runner.gone().then(() => void Contestant.#leaving.delete(gone));
    Contestant.#leaving.add(gone);
  }

  #loaded(): RunnerProcess {
    if (!this.#runner) throw new PaddockError('internal', 'The candidate is not loaded.');
    return this.#runner;
  }

  #loadOptions(): LoadOptions {
    const { candidate, context, engine } = this.#options;
    return {
      num_ctx: context,
      num_gpu: candidate.backend === 'wasm' ? 0 : -1,
      num_thread: candidate.threads,
      engine: engine ?? candidate.engine,
    };
  }

  #requireBackend(): void {
    const { candidate } = this.#options;
    if (this.info.backend === candidate.backend) return;
    throw new PaddockError('no_gpu', 'The engine did not take the graphics adapter.');
  }

  /** Which tokens prompts are made of, once: they are the model's. */
  async #learnTokens(signal: AbortSignal): Promise<void> {
    if (this.#draw) return;
    const runner = this.#loaded();
    this.#start = (await runner.tokenize('', signal)).slice(0, 1);
    const tokens = await runner.tokenize(DRAW_TEXT, signal);
    const begins = this.#start.length > 0 && tokens[0] === this.#start[0];
    const own = begins ? tokens.slice(1) : tokens;
    if (own.length === 0) throw new PaddockError('engine_failed', 'A text has no tokens here.');
    this.#draw = new PromptDraw(own, this.#options.seed);
  }

  #drawn(count: number): number[] {
    return this.#draw!.draw(count);
  }

  /** The shortest prompt: what a text begins with, or any token. */
  #short(before: number[] = []): number[] {
    return before.length === 0 && this.#start.length > 0 ? this.#start : this.#drawn(1);
  }

  /** Brings `depth` tokens into the context, untimed; returns them. */
  async #reach(depth: number, signal: AbortSignal): Promise<number[]> {
    if (depth === 0) return [];
    const known = this.#depths.get(depth);
    const tokens = known ?? this.#drawn(depth);
    this.#depths.set(depth, tokens);
    await this.#measure({ prompt: tokens, generate: 1, keep: depth }, signal);
    return tokens;
  }

  #measure(
    params: MeasureParams,
    signal: AbortSignal,
    told: (tokens: number) => void = () => {},
  ): Promise<Measured> {
    return this.#loaded().measure(params, signal, told);
  }

  async #unlessStopped<T>(
    signal: AbortSignal,
    work: (until: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#refusal) throw this.#refusal;
    try {
      return await work(AbortSignal.any([signal, this.#stopping.signal]));
    } catch (error) {
      throw this.#refusal ?? error;
    }
  }
}
