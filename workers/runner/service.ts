/** What a runner answers: one engine, one model. Owns the loaded model; knows nothing of names or HTTP. */
import type { CallContext, Handlers } from '#core/callee';
import type { EngineChunk } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { MeasureChunk, RunnerMethods } from '#core/methods';
import type { BlobStore } from '#store/blob-store';
import type { Engine, LoadedModel } from './engine';
import { countSubmits } from './gpu-submits';
import { measure } from './measure';
import { NoteBook } from './note-book';

type BlobReader = Pick<BlobStore, 'open' | 'file'>;

export interface RunnerOptions {
  store: BlobReader | Promise<BlobReader>;
  /** The engine for a `model_format`; undefined where there is none. */
  engineFor(format: string): Promise<Engine> | undefined;
  /** Called when the engine crashed outside any call: the runner is of no use any more. */
  onDeath(reason: string): void;
  /** Holds the named lock for the runner's life, so that the host notices its death. */
  holdLock(name: string): Promise<void>;
}

export function runnerHandlers(runner: RunnerOptions): Handlers<RunnerMethods> {
  let loaded: LoadedModel | undefined;
  /** The last measurement, to its end. */
  let measured: Promise<unknown> = Promise.resolve();

  const model = () => {
    if (!loaded) throw new PaddockError('internal', 'The runner has no model loaded.');
    return loaded;
  };

  return {
    start: ({ lock }) => runner.holdLock(lock),
    async load({ model, options, notes }, { signal, send }) {
      const read = async () => {
        const store = await runner.store;
        const digests = model.files.map(({ digest }) => digest);
        return Promise.all([
          Promise.all(digests.map((digest) => store.open(digest))),
          Promise.all(digests.map(async (digest) => store.file?.(digest))),
        ]);
      };
      const reading = read();
      reading.catch(() => {}); // awaited below
      const engine = await runner.engineFor(model.format);
      if (!engine) {
        throw new PaddockError(
          'not_supported',
          `No engine here runs models of the format "${model.format}".`,
        );
      }
      const [blobs, files] = await reading;
      if (options.engine !== undefined) countSubmits();
      const book = new NoteBook(notes, send);
      try {
        loaded = await engine.load(model, blobs, options, {
          signal,
          files,
          // Progress is for show: a reader that does not keep up must not hold back the load.
          onProgress: (progress) => void send(progress).catch(() => {}),
          notes: book,
          onDeath: runner.onDeath,
        });
      } finally {
        await book.sent();
      }
      return loaded.info;
    },
    chat: (params, context) => pump(model().chat(params, context.signal), context),
    complete: (params, context) => pump(model().complete(params, context.signal), context),
    embed(params, { signal }) {
      const { embed } = model();
      if (embed) return embed.call(loaded, params, signal);
      throw new PaddockError('not_supported', 'This model makes no embeddings here.');
    },
    async count(params, { signal }) {
      const { count } = model();
      if (count) return count.call(loaded, params, signal);
      throw new PaddockError('not_supported', 'This engine does not count the tokens of a chat.');
    },
    async tokenize({ text }) {
      const { tokenize } = model();
      if (tokenize) return tokenize.call(loaded, text);
      throw new PaddockError('not_supported', 'This engine does not tell the tokens of a text.');
    },
    // Tokens are told for show: whoever does not keep up must not slow down what is measured.
    measure(params, { signal, send }) {
      const told = (chunk: MeasureChunk) => void send(chunk).catch(() => {});
      // One that was stopped may be at a piece of its prompt yet, which must not count as time of the next.
      const begun = measured.then(() => measure(model(), params, signal, told));
      measured = begun.catch(() => {});
      return begun;
    },
  };
}

async function pump(
  chunks: AsyncIterable<EngineChunk>,
  { send }: CallContext<EngineChunk>,
): Promise<void> {
  for await (const chunk of chunks) await send(chunk);
}
