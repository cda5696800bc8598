/** Runs a prepared request and writes Ollama's chunks: deltas, then the counts. */
import type { ChatParams, CompleteParams, EngineChunk, FinalChunk } from '#core/engine';
import { errorBody } from '#core/error-response';
import { PaddockError, toPaddockError } from '#core/errors';
import { ndjsonStream } from '#core/ndjson';
import type { Deps } from './deps';
import type { Prepared } from './generation';
import { json, ndjson } from './http';
import { writeLogprobs } from './logprobs';
import { metrics } from './metrics';
import { requireNeeds, type Need } from './needs';
import { noteLeftOut } from './options';
import { stopWith } from './stop-with';
import { writeToolCalls } from './tools';
import { whileRead } from './while-read';

/** What to ask the runner, and what its engine has to know for it. */
export type Start = { needs: readonly Need[] } & (
  | { method: 'chat'; params: ChatParams }
  | { method: 'complete'; params: CompleteParams }
);

type Chunk = Record<string, unknown>;

/** The field that holds a piece of text, and calls as Ollama writes them: `response` or `message`. */
export type Shape = (content: string, said?: { thinking?: string; toolCalls?: Chunk[] }) => Chunk;

/**
 * The answer, streamed or whole. Resolves with the first chunk there, so that what goes wrong before it is
 * an error status; later errors are the stream's last line.
 */
export async function answer(
  deps: Deps,
  prepared: Prepared,
  start: Start,
  shape: Shape,
  signal: AbortSignal,
): Promise<Response> {
  const controller = stopWith(signal);
  const chunks = run(deps, prepared, start, shape, controller.signal);
  if (!prepared.stream) return json(await collect(chunks, shape));
  const first = await chunks.next();
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  };
  const stop = () => {
    controller.abort();
    void chunks.return(); // it waits for its reader, and so does not hear of the abort
  };
  const lines = async function* () {
    try {
      yield* whileRead(all(), stop);
    } catch (error) {
      yield errorBody(toPaddockError(error));
    } finally {
      await chunks.return();
    }
  };
  return ndjson(ndjsonStream(lines(), () => controller.abort()));
}

/** The chunks as Ollama has them; holds the lease from the first to the last. */
async function* run(
  deps: Deps,
  prepared: Prepared,
  start: Start,
  shape: Shape,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, void> {
  const lease = await deps.scheduler.lease(prepared.lease, signal);
  try {
    requireNeeds(lease.runner, start.needs, prepared.spelling);
    noteLeftOut(prepared.options, lease.runner.info.engine);
    let calls = 0;
    const head = () => ({ model: prepared.spelling, created_at: deps.timestamp() });
    const { method, params } = start;
    const chunks: AsyncIterable<EngineChunk> = lease.runner.generate(method, params, signal);
    for await (const chunk of chunks) {
      const { type } = chunk;
      lease.reading(type === 'prompt' ? { done: chunk.evaluated, total: chunk.total } : null);
      if (type === 'prompt') continue;
      if (type === 'delta') {
        const { content, thinking, toolCalls = [], logprobs = [] } = chunk;
        const said = shape(content, { thinking, toolCalls: writeToolCalls(toolCalls, calls) });
        calls += toolCalls.length;
        yield { ...head(), ...said, done: false, ...probabilities(writeLogprobs(logprobs)) };
      } else {
        deps.noteTokens?.({ prompt_tokens: chunk.promptTokens, eval_tokens: chunk.evalTokens });
        yield { ...head(), ...shape(''), ...final(chunk, deps, prepared, lease.loadMs) };
      }
    }
  } catch (error) {
    throw inWords(error);
  } finally {
    lease.release();
  }
}

/** A prompt that is too long is told so in Ollama's words, and what to do. */
function inWords(error: unknown): unknown {
  if (!(error instanceof PaddockError) || error.code !== 'context_exceeded') return error;
  const words =
    'the prompt is longer than the context length currently available to the model; ' +
    'shorten it, or ask for a longer context with the option num_ctx';
  return new PaddockError('context_exceeded', words, error.detail);
}

function final(chunk: FinalChunk, deps: Deps, { started }: Prepared, loadMs: number): Chunk {
  const counts = metrics({
    total_duration: deps.now() - started,
    load_duration: loadMs,
    prompt_eval_count: chunk.promptTokens,
    prompt_eval_duration: chunk.promptMs,
    eval_count: chunk.evalTokens,
    eval_duration: chunk.evalMs,
  });
  const { reason, context } = chunk;
  return { done: true, done_reason: reason, ...(context && { context }), ...counts };
}

/** Ollama has no empty list of them. */
function probabilities(logprobs: Chunk[]): Chunk {
  return logprobs.length > 0 ? { logprobs } : {};
}

/** A chunk of generate, or the message in one of chat. */
interface Said {
  content?: string;
  response?: string;
  thinking?: string;
  tool_calls?: Chunk[];
}

/** One answer in place of a stream: all the text, thoughts, calls and probabilities, and the last chunk's counts. */
async function collect(chunks: AsyncIterable<Chunk>, shape: Shape): Promise<Chunk> {
  let text = '';
  let thinking = '';
  const calls: Chunk[] = [];
  const logprobs: Chunk[] = [];
  let last: Chunk | undefined;
  for await (const chunk of chunks) {
    const said = (chunk.message ?? chunk) as Said;
    text += said.content ?? said.response ?? '';
    thinking += said.thinking ?? '';
    calls.push(...(said.tool_calls ?? []));
    logprobs.push(...((chunk.logprobs as Chunk[] | undefined) ?? []));
    last = chunk;
  }
  if (!last?.done) throw new PaddockError('engine_failed', 'The reply ended without its counts.');
  const said = shape(text, { thinking, toolCalls: calls });
  const { model, created_at, ...rest } = last;
  // Ahead for their place, and behind for their value, which the last chunk has not.
  return { model, created_at, ...said, ...rest, ...said, ...probabilities(logprobs) };
}
