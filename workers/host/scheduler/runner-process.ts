/** One runner: its worker, the calls to it, its death. Knows nothing of names, queues or keep-alive. */
import { isSoftwareName } from '#core/adapter-name';
import type { Caller } from '#core/caller';
import type {
  ChatParams,
  Embeddings,
  EmbedParams,
  EngineChunk,
  EngineInfo,
  EngineNote,
  LoadOptions,
  LoadProgress,
  PromptCount,
  RunnerModel,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Measured, MeasureParams, RunnerMethods } from '#core/methods';
import { within } from '#core/within';
import { heard } from './heard';

/** A started worker that serves RunnerMethods. */
export interface RunnerPort {
  caller: Caller<RunnerMethods>;
  terminate(): void;
  /** Resolves when nobody holds the named lock any more: the runner that took it is gone. */
  whenFree(lock: string): Promise<void>;
  /** What engines remember; absent: nothing. */
  notes?: NoteShelf;
}

/** Keeps what engines note of models; neither ever rejects. */
export interface NoteShelf {
  of(model: RunnerModel): Promise<EngineNote[]>;
  put(model: RunnerModel, note: EngineNote): Promise<void>;
}

export type StartRunner = () => RunnerPort;

/** A runner that does not even acknowledge a call for this long is stuck, not busy. */
const UNRESPONSIVE_MS = 10_000;

/** Who hangs in a driver is gone later; whoever waits for its memory goes on, and learns whether it is there. */
const GONE_MS = 10_000;

/** The first call waits for the worker's script too, on a slow line perhaps. */
const START_MS = 60_000;

/**
 * A graphics adapter that gives no token, and tells of no part of the prompt, for this long will give none: what
 * runs on it for ten seconds on end the browser takes for a hang itself.
 */
const REPLY_MS = 120_000;

/** Tokens of a prompt that take as long as a sign of life at most. */
const PROMPT_STEP = 512;

/**
 * A software adapter is a thousand times slower, as is a large model on an old CPU; and a load does not say yet which
 * adapter it has.
 */
const SLOW_MS = 600_000;

export class RunnerProcess {
  readonly model: RunnerModel;
  readonly options: LoadOptions;
  readonly info: EngineInfo;
  readonly #port: RunnerPort;
  readonly #died: Promise<void>;
  /** What its calls reject with when it ends by itself. */
  readonly #death: PaddockError;
  /** It has acknowledged the last call. */
  #seen = false;
  dead = false;

  private constructor(
    port: RunnerPort,
    model: RunnerModel,
    options: LoadOptions,
    info: EngineInfo,
    { died, death }: { died: Promise<void>; death: PaddockError },
  ) {
    this.#port = port;
    this.model = model;
    this.options = options;
    this.info = info;
    this.#died = died;
    this.#death = death;
    void died.then(() => (this.dead = true));
  }

  /** Starts a worker and loads `model` in it; the worker is gone when this rejects. */
  static async start(
    startRunner: StartRunner,
    model: RunnerModel,
    options: LoadOptions,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void = () => {},
  ): Promise<RunnerProcess> {
    const port = startRunner();
    const lock = `paddock-runner:${crypto.randomUUID()}`;
    try {
      await within(START_MS, port.caller.call('start', { lock }, { signal }).result, silent);
      const death = new PaddockError('runner_died', 'The runner ended without an answer.');
      const died = port.whenFree(lock).then(() => port.caller.fail(death));
      const notes = await port.notes?.of(model);
      const loading = port.caller.call('load', { model, options, notes }, { signal });
      const late = () => port.caller.fail(mute());
      // Who does not count (llama.cpp, an engine's code on a slow line) is not late.
      const from = (chunk: LoadProgress | EngineNote) =>
        'phase' in chunk && ((chunk.total ?? 0) > 0 || isOnGpu(chunk.phase));
      for await (const chunk of heard(loading, { ms: SLOW_MS, late, from })) {
        if ('phase' in chunk) onProgress(chunk);
        else await port.notes?.put(model, chunk);
      }
      return new RunnerProcess(port, model, options, await loading.result, {
        died,
        death,
      });
    } catch (error) {
      port.terminate();
      // Its memory comes back with it, and whoever loads next needs that.
      await within(GONE_MS, port.whenFree(lock), () => {});
      throw error;
    }
  }

  /** Calls chat or complete; a runner that does not acknowledge, or falls silent, is ended, and the call rejects. */
  generate<K extends 'chat' | 'complete'>(
    method: K,
    params: RunnerMethods[K]['params'],
    signal: AbortSignal,
  ): AsyncIterable<EngineChunk> {
    const call = this.#port.caller.call(method, params, { signal });
    this.#requireAnswer(call.acknowledged);
    return this.#heard(call);
  }

  /** As `generate`; each text has its time. @throws PaddockError `not_supported` by a model that makes none */
  async embed(params: EmbedParams, signal: AbortSignal): Promise<Embeddings> {
    const call = this.#port.caller.call('embed', params, { signal });
    this.#requireAnswer(call.acknowledged);
    // Nothing comes before the end, which is what is waited for.
    await this.#heard(call, params.input.length)[Symbol.asyncIterator]().next();
    return call.result;
  }

  /**
   * One repetition of a benchmark; `told` hears of tokens as they come.
   * @throws PaddockError what the engine says, `runner_died`
   */
  async measure(
    params: MeasureParams,
    signal: AbortSignal,
    told: (tokens: number) => void,
  ): Promise<Measured> {
    const call = this.#port.caller.call('measure', params, { signal });
    this.#requireAnswer(call.acknowledged);
    // llama.cpp tells nothing of the prompt. An engine that does gives signs of life without tokens.
    const length = 'messages' in params.prompt ? 0 : params.prompt.length;
    const chunks = this.#timed(call, 1 + length / PROMPT_STEP);
    for await (const { tokens } of chunks) if (tokens > 0) told(tokens);
    return call.result;
  }

  /** @throws PaddockError `not_supported` by an engine that does not tell it, `bad_request`, `runner_died` */
  count(params: ChatParams, signal: AbortSignal): Promise<PromptCount> {
    const call = this.#port.caller.call('count', params, { signal });
    this.#requireAnswer(call.acknowledged);
    return call.result;
  }

  /** A text's tokens. @throws PaddockError `not_supported` by an engine that does not tell them */
  tokenize(text: string, signal: AbortSignal): Promise<number[]> {
    return this.#port.caller.call('tokenize', { text }, { signal }).result;
  }

  /** On the CPU people wait as long as they like: it is slow where a prompt is long, and tells nothing of it. */
  #heard<T>(chunks: AsyncIterable<T>, steps?: number): AsyncIterable<T> {
    return this.info.backend === 'wasm' ? chunks : this.#timed(chunks, steps);
  }

  /** @param steps how much longer than a sign of life the first may take */
  #timed<T>(chunks: AsyncIterable<T>, steps = 1): AsyncIterable<T> {
    const { backend, adapter } = this.info;
    const slow = backend === 'wasm' || isSoftwareName(adapter ?? '');
    const ms = slow ? SLOW_MS : REPLY_MS;
    return heard(chunks, { ms, first: ms * steps, late: () => this.end(mute()) });
  }

  #requireAnswer(acknowledged: Promise<void>): void {
    this.#seen = false;
    acknowledged.then(
      () => (this.#seen = true),
      () => {}, // it never will
    );
    within(UNRESPONSIVE_MS, acknowledged, silent).catch((error: unknown) => {
      if (error instanceof PaddockError && error.code === 'runner_died') this.end(error);
    });
  }

  /** Whether it was lost before it saw the call that failed with `error`: nothing that was asked is the reason. */
  missed(error: unknown): boolean {
    if (error === this.#death) return !this.#seen;
    return error instanceof PaddockError && error.detail.idle === true;
  }

  /** Resolves when its worker is gone, and its memory back: some time after `end`. */
  gone(): Promise<void> {
    return within(GONE_MS, this.#died, () => {});
  }

  /** Resolves when the runner has ended by itself. */
  get died(): Promise<void> {
    return this.#died;
  }

  /** Ends the worker: the only sure way to free a WASM heap. Calls under way reject with `error`. */
  end(error = new PaddockError('aborted', 'The model was unloaded.')): void {
    this.dead = true;
    this.#port.caller.fail(error);
    this.#port.terminate();
  }
}

function isOnGpu(phase: LoadProgress['phase']): boolean {
  return phase === 'shaders' || phase === 'warmup';
}

function silent(): never {
  throw new PaddockError('runner_died', 'The runner does not answer.');
}

function mute(): PaddockError {
  const message = 'The runner gave no sign of life for minutes.';
  return new PaddockError('runner_died', message, { silent: true });
}
