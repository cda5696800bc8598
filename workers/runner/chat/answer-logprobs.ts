/** Probabilities of an answer alone: those of its thought, and of the tags around that, go. */
import type { EngineChunk, TokenLogprob } from '#core/engine';
import type { ThinkTags } from '#core/template/think-tags';
import { ThoughtSplitter } from './thought-splitter';

/**
 * The chunks as they are, tags too, without the probabilities of what is no answer; those of a piece that may yet
 * become a thought come when it is none.
 * @param open as `endsInThought` says
 */
export async function* answerLogprobs(
  chunks: AsyncIterable<EngineChunk>,
  tags: ThinkTags,
  open: boolean,
): AsyncGenerator<EngineChunk, void, void> {
  const splitter = new ThoughtSplitter(tags, open);
  const places = new Places();
  let waiting: { logprob: TokenLogprob; from: number; to: number }[] = [];
  const ready = () => {
    const { answerAt } = splitter;
    if (answerAt === undefined) return {};
    const own = waiting.filter(({ from, to }) => from >= answerAt || to > answerAt);
    const told = own.map(({ logprob }) => logprob);
    waiting = [];
    return told.length > 0 ? { logprobs: told } : {};
  };
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') {
      const { logprobs = [], ...rest } = chunk;
      splitter.push(chunk.content);
      for (const logprob of logprobs) waiting.push({ logprob, ...places.push(logprob) });
      yield { ...rest, ...ready() };
      continue;
    }
    if (chunk.type === 'final') {
      splitter.flush();
      const told = ready();
      if ('logprobs' in told) yield { type: 'delta', content: '', ...told };
    }
    yield chunk;
  }
}

/** Where in a reply the text of its tokens stands, in letters; a part of a character has none. */
class Places {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #letters = 0;

  push({ bytes }: TokenLogprob): { from: number; to: number } {
    const from = this.#letters;
    this.#letters += this.#decoder.decode(Uint8Array.from(bytes), { stream: true }).length;
    return { from, to: this.#letters };
  }
}
