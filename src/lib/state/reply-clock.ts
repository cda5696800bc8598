import type { ChatResponse } from 'ollama/browser';
import type { EngineInfo } from '#core/engine';
import type { ReplyStats } from '$lib/storage/records';

const NS_PER_MS = 1e6;

/** A model that was loaded already reports a few milliseconds: not worth a figure. */
const LOAD_SHOWN_FROM_MS = 100;

/** Measures one reply in the page, and prefers the engine's own counts where they come. */
export class ReplyClock {
  #before: ReplyStats | undefined;
  #started = performance.now();
  #first: number | undefined;
  #last = 0;
  #pieces = 0;
  #final: ChatResponse | undefined;

  /** `before`: the figures of the part that this reply continues. */
  constructor(before?: ReplyStats) {
    this.#before = before;
  }

  piece() {
    this.#last = performance.now();
    this.#first ??= this.#last;
    this.#pieces++;
  }

  final(part: ChatResponse) {
    this.#final = part;
  }

  /** The figures so far, with those of what was continued; undefined before the first text. */
  stats(info: EngineInfo | undefined): ReplyStats | undefined {
    if (this.#first === undefined) return this.#before;
    const own = this.#own();
    if (info) {
      const { engine, backend, adapter, noWebGpu, threads, contextLength } = info;
      own.ranOn = { engine, backend, adapter, noWebGpu, threads };
      own.contextLength = contextLength;
    }
    return this.#before ? joined(this.#before, own) : own;
  }

  #own(): ReplyStats {
    const firstTokenMs = this.#first! - this.#started;
    const final = this.#final;
    if (!final?.eval_count) {
      // The first piece ends the prompt's time, not a token's: n pieces took n - 1 intervals.
      const replyTokens = this.#pieces;
      const intervals = Math.max(1, replyTokens - 1);
      const evalMs = ((this.#last - this.#first!) * replyTokens) / intervals;
      return { measured: 'page', reason: 'stopped', replyTokens, evalMs, firstTokenMs };
    }
    const loadMs = (final.load_duration ?? 0) / NS_PER_MS;
    return {
      measured: 'engine',
      reason: final.done_reason === 'length' ? 'length' : 'stop',
      replyTokens: final.eval_count,
      evalMs: (final.eval_duration ?? 0) / NS_PER_MS,
      promptTokens: final.prompt_eval_count ?? 0,
      firstTokenMs,
      ...(loadMs >= LOAD_SHOWN_FROM_MS ? { loadMs } : {}),
    };
  }
}

function joined(before: ReplyStats, own: ReplyStats): ReplyStats {
  return {
    ...own,
    measured: before.measured === 'engine' ? own.measured : 'page',
    replyTokens: before.replyTokens + own.replyTokens,
    evalMs: before.evalMs + own.evalMs,
    // The prompt of the continuation holds the earlier reply: the first prompt is the one to show.
    promptTokens: before.promptTokens ?? own.promptTokens,
    firstTokenMs: before.firstTokenMs ?? own.firstTokenMs,
    loadMs: before.loadMs ?? own.loadMs,
  };
}
