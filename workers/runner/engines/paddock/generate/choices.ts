/** A reply's tokens: chosen by the decoder where it can, else by the sampler from its logits. */
import type { Constraint } from '../../../grammar/constraint';
import type { Decoder } from '../decoder';
import type { Prefixes } from '../prefixes/prefixes';
import { Sampler, type Choice } from '../sampler/sampler';
import type { SamplerSettings } from '../sampler/settings';
import { Uniforms } from '../sampler/uniforms';
import { throwIfAborted } from '../../../abort';

export class Choices {
  readonly #decoder: Decoder;
  readonly #prefixes: Prefixes;
  readonly #settings: SamplerSettings;
  readonly #uniforms: Uniforms;
  readonly #sampler: Sampler;
  readonly #constraint: Constraint | undefined;
  /** The prompt and the reply so far. */
  readonly #text: number[] = [];

  constructor(
    { decoder, prefixes }: { decoder: Decoder; prefixes: Prefixes },
    settings: SamplerSettings,
    prompt: readonly number[],
    constraint?: Constraint,
  ) {
    this.#decoder = decoder;
    this.#prefixes = prefixes;
    this.#settings = settings;
    this.#uniforms = new Uniforms(settings.seed);
    const { vocabulary, contextLength } = decoder;
    this.#sampler = new Sampler(settings, vocabulary, contextLength, this.#uniforms);
    for (const token of prompt) this.#push(token);
    this.#constraint = constraint;
  }

  /** The text's last token. */
  get last(): number {
    return this.#text.at(-1)!;
  }

  /** The text goes on with `token`. */
  accept(token: number): void {
    this.#push(token);
    this.#constraint?.accept(token);
  }

  /** A reply of a format has all that it can have. */
  get complete(): boolean {
    return this.#constraint?.complete ?? false;
  }

  /**
   * The tokens after the last evaluation, whose logits are at `index`: one at least, `most` at most, each to be
   * accepted before the next is asked for. When there are no more, all but the last are in the cache.
   * @throws PaddockError `aborted`, `engine_failed`, `device_lost`
   */
  async *next(
    index: number,
    most: number,
    signal: AbortSignal,
  ): AsyncGenerator<Choice, void, void> {
    const constraint = this.#constraint;
    // A decoder that chooses by itself knows no grammar: the sampler does, from all logits.
    const choose = constraint ? undefined : this.#decoder.choose?.bind(this.#decoder);
    const chosen = choose?.({
      settings: this.#settings,
      start: this.#prefixes.length,
      text: this.#text,
      uniform: this.#uniforms.lookAhead(),
      ...{ most, signal },
    });
    if (!chosen) {
      const restrict = constraint && ((logits: Float32Array) => constraint.restrict(logits));
      yield this.#sampler.choose(await this.#decoder.logits(index), restrict);
      return;
    }
    try {
      for (let read = 0; ; read++) {
        throwIfAborted(signal);
        const token = await chosen.next();
        throwIfAborted(signal);
        if (token === undefined) return;
        if (read > 0) this.#prefixes.append([this.last]);
        this.#uniforms.take();
        yield { token };
      }
    } finally {
      await chosen.close();
    }
  }

  #push(token: number): void {
    this.#text.push(token);
    this.#sampler.accept(token);
  }
}
