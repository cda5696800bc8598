/** Fetches the parts that are missing, several connections at once, and reports each when it is safe. */
import type { CallContext } from '#core/callee';
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError, toWire } from '#core/errors';
import type { TransferChunk, TransferParams } from '#core/methods';
import type { BlobWriter } from '#store/blob-store';
import { delay } from './clock';
import { mayRetry, restart } from './faults';
import type { Frontier } from './frontier';
import type { Layout, Piece } from './layout';
import { PartWriter } from './part-writer';
import { Schedule, type Run } from './schedule';
import { openRun } from './sources';
import type { TransferTools } from './transfer';
import { Waits } from './waits';

/** Connections at once: more than this, hosts and browsers (six a host) begin to mind. */
export const CONNECTIONS = 4;

/** Bytes for which another connection is worth its beginning. */
const WORTH_A_CONNECTION = 8 * 1024 * 1024;

/** Tries without a new part, as Ollama has them; between two 1, 2, 4, 8 and 16 s. */
export const MAX_TRIES = 6;
const PROGRESS_MS = 60;

export class Job {
  readonly #params: TransferParams;
  readonly #layout: Layout;
  readonly #parts: (Digest | null)[];
  readonly #writer: BlobWriter;
  readonly #frontier: Frontier;
  readonly #context: CallContext<TransferChunk>;
  readonly #tools: TransferTools;
  /** Ends every connection when one has failed for good. */
  readonly #stop = new AbortController();
  #validator: string | null;
  /** Whether some of the file is here, or on its way. */
  #begun: boolean;
  #failure: unknown;
  #completed: number;
  #lastProgress = -Infinity;

  /** `parts` is filled as parts come. */
  constructor(
    params: TransferParams,
    layout: Layout,
    parts: (Digest | null)[],
    writer: BlobWriter,
    frontier: Frontier,
    context: CallContext<TransferChunk>,
    tools: TransferTools,
  ) {
    this.#params = params;
    this.#layout = layout;
    this.#parts = parts;
    this.#writer = writer;
    this.#frontier = frontier;
    this.#context = context;
    this.#tools = tools;
    this.#validator = params.kept?.validator ?? null;
    this.#begun = parts.some((digest) => digest !== null);
    this.#completed = layout.pieces.reduce((sum, p) => sum + (parts[p.index] ? p.size : 0), 0);
  }

  /** @throws what ended the first connection that failed */
  async run(): Promise<void> {
    const { origin, whole } = this.#params;
    // A host without ranges sends from the first byte, whatever is here.
    const missing = this.#parts.map((digest) => whole || digest === null);
    const left = this.#layout.pieces.reduce((sum, p) => sum + (missing[p.index] ? p.size : 0), 0);
    const several = this.#layout.onGrid && origin.kind !== 'bytes' && !whole;
    const wanted = Math.ceil(left / (this.#tools.worthAConnection ?? WORTH_A_CONNECTION));
    const connections = several ? Math.max(1, Math.min(CONNECTIONS, wanted)) : 1;
    const schedule = new Schedule(missing, connections, origin.kind === 'parts');
    const stop = () => this.#stop.abort();
    this.#context.signal.addEventListener('abort', stop);
    if (this.#context.signal.aborted) stop();
    const waits = new Waits(connections, (wait) => this.#context.send({ type: 'waiting', wait }));
    const connect = () => this.#connection(schedule, waits).catch((error) => this.#fail(error));
    await Promise.all(Array.from({ length: connections }, connect));
    this.#context.signal.removeEventListener('abort', stop);
    if (this.#failure !== undefined) throw toPaddockError(this.#failure, 'storage_failed');
  }

  /** The first failure ends the others, whose errors are its consequence. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#stop.abort();
  }

  async #connection(schedule: Schedule, waits: Waits): Promise<void> {
    const part = new PartWriter(this.#writer, this.#layout);
    for (let run = schedule.take(); run; run = schedule.take()) {
      await this.#fetch(run, part, waits);
      schedule.done(run);
    }
    await waits.end();
  }

  /** Tries until the run is there; a try that brought a part begins the count anew. */
  async #fetch(run: Run, part: PartWriter, waits: Waits): Promise<void> {
    for (let tries = 1; ; tries++) {
      const before = run.come;
      let failure: PaddockError;
      try {
        return await this.#try(run, part);
      } catch (error) {
        if (!(error instanceof PaddockError) || !mayRetry(error)) throw error;
        if (run.come > before) tries = 1;
        if (tries === MAX_TRIES) throw error;
        failure = error;
      }
      // All of it comes again from its first byte.
      if (this.#params.whole) run.next = 0;
      const again = Number(failure.detail.wait ?? 0) || 1000 * 2 ** (tries - 1);
      const wait = { error: toWire(failure), again, next: tries + 1, tries: MAX_TRIES };
      await waits.during(wait, () => delay(this.#tools.clock, again, this.#stop.signal));
    }
  }

  async #try(run: Run, part: PartWriter): Promise<void> {
    const { pieces } = this.#layout;
    let piece = pieces[run.next]!;
    const asked = run.end;
    let come = 0;
    // A part that is there and comes again counts once.
    let counted = 0;
    const onHead = (validator: string | null) => this.#check(validator);
    const { signal } = this.#stop;
    const bytes = openRun(this.#params, this.#layout, run, this.#tools, signal, onHead);
    try {
      await part.begin(piece);
      for await (let chunk of bytes) {
        // At least once: a part may be empty.
        do {
          const taken = chunk.subarray(0, piece.size - come);
          await part.add(taken);
          come += taken.length;
          const fresh = this.#parts[piece.index] === null ? taken.length : 0;
          counted += fresh;
          this.#completed += fresh;
          chunk = chunk.subarray(taken.length);
          if (come === piece.size) {
            if (await this.#keep(piece, await part.end())) run.come++;
            come = counted = 0;
            run.next++;
            if (run.next === run.end) break;
            await part.begin((piece = pieces[run.next]!));
          }
        } while (chunk.length > 0);
        await this.#progress();
        // Another connection took the rest: more bytes than the run's are on their way.
        if (run.next === run.end && run.end < asked) return;
      }
      if (run.next < run.end) throw new PaddockError('storage_failed', 'The file ended early.');
    } finally {
      this.#completed -= counted; // a part that did not come whole counts for nothing
    }
  }

  /** Two answers of two versions of a file are never mixed. */
  #check(validator: string | null): void {
    const { origin, whole } = this.#params;
    const unsure = this.#begun && (validator === null || this.#validator === null);
    this.#begun = true;
    if (unsure && !whole && origin.kind === 'file' && origin.strict) {
      throw restart(origin.url, 'whole', 'the host does not say which version of the file it has');
    }
    if (validator === null || !this.#params.validate) return;
    if (this.#validator !== null && this.#validator !== validator) throw this.#changed();
    this.#validator = validator;
  }

  /** False for a part that came again. */
  async #keep({ index, digest: known }: Piece, digest: Digest): Promise<boolean> {
    if (known && known !== digest) throw mismatch(known, digest);
    const before = this.#parts[index];
    if (before) {
      if (before !== digest) throw this.#changed();
      return false;
    }
    await this.#writer.flush();
    this.#parts[index] = digest;
    this.#frontier.advance().catch((error) => this.#fail(error));
    const validator = this.#validator;
    await this.#context.send({ type: 'part', index, digest, ...this.#frontier.saved, validator });
    return true;
  }

  #changed(): PaddockError {
    const { origin } = this.#params;
    const url = origin.kind === 'file' ? origin.url : '';
    return restart(url, 'changed', 'the file has changed on its host');
  }

  async #progress() {
    const now = this.#tools.clock.now();
    if (now - this.#lastProgress < PROGRESS_MS) return;
    this.#lastProgress = now;
    await this.#context.send({ type: 'progress', completed: this.#completed });
  }
}

export function mismatch(expected: string, got: string): PaddockError {
  const message = `The data is damaged: expected ${expected}, got ${got}.`;
  return new PaddockError('digest_mismatch', message, { expected, got });
}
