/** A worker with the engine, for a test. */
import { afterEach } from 'vitest';
import { Caller } from '#core/caller';
import type {
  ChatParams,
  CompleteParams,
  DeltaChunk,
  EngineChunk,
  FinalChunk,
  LoadOptions,
  LoadProgress,
} from '#core/engine';
import type { PaddockError } from '#core/errors';
import { tinyMlc, type ModelFiles } from './tiny-mlc';
import type { WebllmMethods } from './webllm-worker';

export type GpuEngine = Caller<WebllmMethods>;

const workers: Worker[] = [];

/**
 * A new worker, which ends with the test that asked for it, or with `keep` with the file. With `empty` its shaders do
 * nothing, and so take no time to compile.
 */
export function startEngine({ keep = false, empty = false } = {}): GpuEngine {
  const worker = open();
  if (!keep) workers.push(worker);
  const engine = new Caller<WebllmMethods>(worker);
  // Calls are taken in their order.
  if (empty) void engine.call('empty', null);
  return engine;
}

afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

function open(): Worker {
  return new Worker(new URL('./webllm-worker.ts', import.meta.url), { type: 'module' });
}

let shared: Promise<GpuEngine> | undefined;

/** One engine with the tiny model for all tests of a file: a load takes seconds. */
export function loadedEngine(): Promise<GpuEngine> {
  shared ??= (async () => {
    const engine = startEngine({ keep: true });
    await load(engine);
    return engine;
  })();
  return shared;
}

/** Loads the tiny model with `changes` (null: without that file); `seen` gets the progress. */
export async function load(
  engine: GpuEngine,
  changes: Record<string, Blob | null> = {},
  options: Partial<LoadOptions> = {},
  { seen, signal }: { seen?: (progress: LoadProgress) => void; signal?: AbortSignal } = {},
) {
  const files: ModelFiles = { ...(await tinyMlc()) };
  for (const [name, blob] of Object.entries(changes)) {
    if (blob) files[name] = blob;
    else delete files[name];
  }
  const call = engine.call('load', { files, options }, { signal });
  for await (const progress of call) seen?.(progress);
  return call.result;
}

export interface Heard {
  text: string;
  chunks: EngineChunk[];
  deltas: DeltaChunk[];
  final: FinalChunk;
}

/** A whole reply to the user's words, or to messages. */
export function ask(
  engine: GpuEngine,
  words: string | ChatParams['messages'],
  options: ChatParams['options'] = {},
  more: Partial<ChatParams> & { signal?: AbortSignal } = {},
): Promise<Heard> {
  const messages = typeof words === 'string' ? [{ role: 'user' as const, content: words }] : words;
  const { signal, ...params } = more;
  return hear(engine.call('chat', { messages, options, ...params }, { signal }));
}

/** Continues a text as it is. */
export function complete(engine: GpuEngine, params: CompleteParams): Promise<Heard> {
  return hear(engine.call('complete', params));
}

async function hear(call: AsyncIterable<EngineChunk>): Promise<Heard> {
  const chunks: EngineChunk[] = [];
  for await (const chunk of call) chunks.push(chunk);
  const final = chunks.at(-1);
  if (final?.type !== 'final') throw new Error('the reply has no end');
  const deltas = chunks.filter((chunk) => chunk.type === 'delta');
  return { text: deltas.map(({ content }) => content).join(''), chunks, deltas, final };
}

/** What it fails with. */
export function failure(work: Promise<unknown>): Promise<PaddockError> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: PaddockError) => error,
  );
}
