/** A runner for as long as a request has the turn: what is lost under it is seen to before the request hears of it. */
import type {
  ChatParams,
  Embeddings,
  EmbedParams,
  EngineChunk,
  EngineInfo,
  PromptCount,
} from '#core/engine';
import type { RunnerMethods } from '#core/methods';
import type { RunnerProcess } from './runner-process';

interface LeaseKeeper {
  runner(): RunnerProcess;
  /** A reply ended as it should. */
  good(): void;
  /**
   * Ends what is lost. Resolves when another runner is there to ask again.
   * @param begun text was sent, which nobody can take back
   * @throws `error`, as the request shall have it
   */
  failed(error: unknown, begun: boolean): Promise<void>;
}

export class LeasedRunner {
  readonly #keeper: LeaseKeeper;

  constructor(keeper: LeaseKeeper) {
    this.#keeper = keeper;
  }

  get info(): EngineInfo {
    return this.#keeper.runner().info;
  }

  /** The chunks of chat or complete. @throws PaddockError what the engine says, `runner_died` */
  async *generate<K extends 'chat' | 'complete'>(
    method: K,
    params: RunnerMethods[K]['params'],
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    let begun = false;
    for (;;) {
      try {
        for await (const chunk of this.#keeper.runner().generate(method, params, signal)) {
          begun ||= chunk.type === 'delta';
          if (chunk.type === 'final') this.#keeper.good();
          yield chunk;
        }
        return;
      } catch (error) {
        await this.#keeper.failed(error, begun);
      }
    }
  }

  /** @throws PaddockError as `chat` does before it writes */
  async count(params: ChatParams, signal: AbortSignal): Promise<PromptCount> {
    for (;;) {
      try {
        return await this.#keeper.runner().count(params, signal);
      } catch (error) {
        await this.#keeper.failed(error, false);
      }
    }
  }

  /** @throws PaddockError `not_supported` by a model that makes none, `context_exceeded`, `runner_died` */
  async embed(params: EmbedParams, signal: AbortSignal): Promise<Embeddings> {
    for (;;) {
      try {
        const embeddings = await this.#keeper.runner().embed(params, signal);
        this.#keeper.good();
        return embeddings;
      } catch (error) {
        await this.#keeper.failed(error, false);
      }
    }
  }
}
