/**
 * The fake engine's text by tokens, as benchmarks ask for it: what comes next follows from the tokens before, at a speed
 * of its own. `/bench FAULT` in the weights makes it one of the engines that a benchmark must not believe.
 */
import type { CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { FakeWorld } from './world';

/** Milliseconds of one thread for a token of the prompt, and for one that is written. */
const READ_MS = 1;
const WRITE_MS = 10;
/** What a sleeper sleeps at each token while nobody looks. */
const SLEEP_MS = 1000;
/** Tokens; below are the special ones. */
const VOCABULARY = 30_000;
const SPECIAL = 10;
/** What a text begins with. */
const BEGIN = 1;

export type Fault =
  | 'zeros' // writes the token 0 whatever was read
  | 'reuses' // takes what it has read before from a cache, and does not say so
  | 'caches' // has half of any prompt in a cache, and says so
  | 'idle' // claims the adapter and gives it nothing to do
  | 'drops' // every tenth token does not come
  | 'sleeps' // while the page is hidden
  | 'lost'; // loses its device in the second reply

const FAULTS: readonly Fault[] = ['zeros', 'reuses', 'caches', 'idle', 'drops', 'sleeps', 'lost'];

/** Of a word in the weights; undefined for a faithful engine. */
export function faultOf(word: string | undefined): Fault | undefined {
  return FAULTS.find((fault) => fault === word);
}

/** A text's tokens: one a word, behind the one that begins a text. */
export function tokensOf(text: string): number[] {
  const words = text.split(/\s+/).filter(Boolean);
  return [BEGIN, ...words.map((word) => hash([...word].map((letter) => letter.codePointAt(0)!)))];
}

export class TokenModel {
  readonly #info: EngineInfo;
  readonly #world: FakeWorld;
  readonly #fault: Fault | undefined;
  /** What was read so far, each with what was written behind it. */
  readonly #known: number[][] = [];
  #replies = 0;

  constructor(info: EngineInfo, world: FakeWorld, fault: Fault | undefined) {
    this.#info = info;
    this.#world = world;
    this.#fault = fault;
  }

  /** Ends with the counts, of which the milliseconds are by `performance.now`. */
  async *complete(
    prompt: readonly number[],
    { options, each }: Pick<CompleteParams, 'options' | 'each'>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { num_predict: most = 16, cache_prompt: mayCache = true } = options;
    this.#replies++;
    const begun = performance.now();
    const shared = this.#shared(prompt, mayCache);
    await this.#work((prompt.length - shared) * READ_MS, signal);
    const read = performance.now();
    const text = [...prompt];
    let written = 0;
    for (; written < most; written++) {
      if (written > 0) await this.#work(WRITE_MS, signal);
      if (this.#isFaulty('lost') && this.#replies > 1 && written === 1) {
        throw new PaddockError('device_lost', 'The device was destroyed.');
      }
      const id = this.#isFaulty('zeros') ? 0 : hash(text.slice(-4));
      text.push(id);
      if (this.#isFaulty('drops') && written % 10 === 9) continue;
      yield { type: 'delta', content: `t${id} `, tokens: 1, ...(each === 'ids' && { ids: [id] }) };
    }
    this.#known.push(text);
    yield {
      type: 'final',
      reason: 'length',
      promptTokens: prompt.length,
      cachedTokens: this.#isFaulty('reuses') ? 0 : shared,
      promptMs: read - begun,
      evalTokens: written,
      evalMs: performance.now() - read,
    };
  }

  #isFaulty(...faults: Fault[]): boolean {
    return this.#fault !== undefined && faults.includes(this.#fault);
  }

  async #work(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#info.backend === 'webgpu' && !this.#isFaulty('idle')) this.#world.submit();
    const sleep = this.#isFaulty('sleeps') && this.#world.hidden() ? SLEEP_MS : 0;
    await this.#world.work(ms / this.#info.threads + sleep, signal);
  }

  /** Tokens of `prompt` that take no work. */
  #shared(prompt: readonly number[], mayCache: boolean): number {
    if (this.#isFaulty('caches')) return Math.floor(prompt.length / 2);
    return mayCache || this.#isFaulty('reuses') ? this.#longestKnown(prompt) : 0;
  }

  /** Tokens of `prompt` that some earlier text begins with; the last is always read. */
  #longestKnown(prompt: readonly number[]): number {
    const lengths = this.#known.map((known) => {
      const differs = prompt.findIndex((id, at) => known[at] !== id);
      return differs < 0 ? prompt.length : differs;
    });
    return Math.min(Math.max(0, ...lengths), prompt.length - 1);
  }
}

/** The same token for the same numbers, anywhere. */
function hash(numbers: readonly number[]): number {
  const mixed = numbers.reduce((sum, number) => (Math.imul(sum, 31) + number) >>> 0, 7);
  return SPECIAL + (mixed % (VOCABULARY - SPECIAL));
}
