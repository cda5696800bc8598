/** The bytes of a run of parts, wherever they are. */
import { PaddockError } from '#core/errors';
import type { TransferParams } from '#core/methods';
import { readBody, type BodyTools } from './body';
import type { Layout } from './layout';
import { bytesOf, type Run } from './schedule';

export type Bytes = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Opens the bytes of `run` as it is now, for one try; `onHead` is told what a host calls this version of its file. */
export function openRun(
  { origin, size, whole }: TransferParams,
  layout: Layout,
  run: Run,
  tools: BodyTools,
  signal: AbortSignal,
  onHead: (validator: string | null) => void,
): Bytes {
  const [from, to] = bytesOf(layout.pieces, run);
  if (from === to) return nothing();
  if (origin.kind === 'bytes') return readDisk(origin.blob.slice(from, to), signal);
  if (origin.kind === 'parts') {
    const part = origin.parts[run.next]!;
    return readBody({ ...part, headers: origin.headers ?? {}, range: null }, tools, signal);
  }
  const { url, headers = {} } = origin;
  // All of it is asked for plainly: every host can do that.
  const range: [number, number] | null = whole || to - from === size ? null : [from, to];
  return readBody({ url, headers, range, size }, tools, signal, onHead);
}

/** An empty part needs no host. */
async function* nothing(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield new Uint8Array();
}

async function* readDisk(blob: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      if (signal.aborted) throw new PaddockError('aborted', 'The transfer was stopped.');
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof PaddockError) throw error;
    throw new PaddockError('storage_failed', `Could not read the file on disk: ${String(error)}`);
  } finally {
    await reader.cancel().catch(() => {}); // it may have failed already
  }
}
