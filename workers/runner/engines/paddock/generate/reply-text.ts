/** Tokens to pieces of text: whole characters, stop strings held back, log-probabilities beside their text. */
import type { DeltaChunk, TokenLogprob } from '#core/engine';
import { TextStream } from '../tokenizer/stream';
import { StopStrings } from './stop';

export class ReplyText {
  readonly #stream = new TextStream();
  readonly #stops: StopStrings;
  /** Of tokens whose text is still held back, with the place at which it begins. */
  #waiting: { logprob: TokenLogprob; at: number }[] = [];
  /** Characters that have come. */
  #come = 0;
  /** Characters that were given out. */
  #given = 0;

  constructor(stops: readonly string[] | undefined) {
    this.#stops = new StopStrings(stops);
  }

  /** Whether a stop string ended the reply. */
  get stopped(): boolean {
    return this.#stops.stopped;
  }

  /** The next token's bytes; the piece that can be given out, if any. */
  push(bytes: Uint8Array, logprob?: TokenLogprob): DeltaChunk | undefined {
    if (logprob) this.#waiting.push({ logprob, at: this.#come });
    const text = this.#stream.push(bytes);
    this.#come += text.length;
    return this.#piece(this.#stops.push(text));
  }

  /** What was held back, when the reply ends without a stop string; the rest of a cut character is dropped. */
  flush(): DeltaChunk | undefined {
    return this.#piece(this.#stops.flush());
  }

  #piece(content: string): DeltaChunk | undefined {
    if (content === '') return undefined;
    this.#given += content.length;
    const ready = this.#waiting.filter(({ at }) => at < this.#given);
    if (ready.length === 0) return { type: 'delta', content };
    this.#waiting = this.#waiting.slice(ready.length);
    return { type: 'delta', content, logprobs: ready.map(({ logprob }) => logprob) };
  }
}
