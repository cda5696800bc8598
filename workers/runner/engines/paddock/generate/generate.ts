/** A reply from a prompt's tokens: prefix, prompt, then token by token. */
import type { CompleteParams, EngineChunk, FinalChunk, SamplingOptions } from '#core/engine';
import { contextExceeded } from '../../../chat/context-exceeded';
import { deltaOf } from '../../each';
import type { Constraint } from '../../../grammar/constraint';
import type { Decoder } from '../decoder';
import type { Prefixes } from '../prefixes/prefixes';
import { samplerSettings } from '../sampler/settings';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { throwIfAborted } from '../../../abort';
import { Choices } from './choices';
import { dropped, mostTokens, shifts } from './limits';
import { toLogprob } from './logprobs';
import { evaluatePrompt } from './prompt';
import { ReplyText } from './reply-text';
import { Stopwatch } from './stopwatch';
import { turn } from './turn';

/** What generation needs of a loaded model. */
interface Generating {
  decoder: Decoder;
  tokenizer: Tokenizer;
  prefixes: Prefixes;
  each?: CompleteParams['each'];
  /** What the reply's tokens are held to. */
  constraint?: Constraint;
}

/**
 * How far `prompt` (tokens) is, the reply in pieces, then the counts. The times leave out what the reader takes between
 * chunks; `evalTokens` counts the token that ended the reply too, as llama.cpp's server does. A prompt without tokens
 * gets an empty reply.
 * @throws PaddockError `context_exceeded` (promptTokens, contextLength), `aborted`, `engine_failed`, `device_lost`
 */
export async function* generate(
  { decoder, tokenizer, prefixes, each, constraint }: Generating,
  prompt: readonly number[],
  options: SamplingOptions,
  signal: AbortSignal,
): AsyncGenerator<EngineChunk, void, void> {
  const { contextLength } = decoder;
  if (prompt.length >= contextLength) throw contextExceeded(prompt.length, contextLength);
  throwIfAborted(signal);
  const watch = new Stopwatch();
  const final: FinalChunk = {
    type: 'final',
    reason: 'stop',
    promptTokens: prompt.length,
    cachedTokens: 0,
    promptMs: 0,
    evalTokens: 0,
    evalMs: 0,
  };
  if (prompt.length === 0) return yield final;

  if (options.cache_prompt === false) prefixes.cut(0);
  else final.cachedTokens = await prefixes.begin(prompt);
  let index = yield* evaluatePrompt({ decoder, prefixes, watch }, prompt, signal);

  const choices = new Choices({ decoder, prefixes }, samplerSettings(options), prompt, constraint);
  const text = new ReplyText(options.stop);
  const most = mostTokens(options, contextLength);
  let reason: FinalChunk['reason'] | undefined = most === 0 ? 'length' : undefined;
  if (reason) final.promptMs = watch.lap();
  while (!reason) {
    for await (const choice of choices.next(index, most - final.evalTokens, signal)) {
      // An evaluation may be under way still when it says that it is done: the first token knows.
      if (final.evalTokens === 0) final.promptMs = watch.lap();
      final.evalTokens++;
      const ended = tokenizer.ends.has(choice.token) && !options.ignore_eos;
      if (!ended) choices.accept(choice.token);
      const piece = ended
        ? undefined
        : text.push(tokenizer.bytes(choice.token), toLogprob(choice, tokenizer));
      const delta = deltaOf(piece, each, choice.token);
      if (delta) {
        watch.pause();
        yield delta;
        watch.resume();
      }
      const full = prefixes.length === contextLength;
      if (ended || text.stopped || choices.complete) reason = 'stop';
      else if (final.evalTokens >= most || (full && !shifts(options))) reason = 'length';
      if (reason) break;
    }
    if (reason) break;
    await turn();
    throwIfAborted(signal);
    if (prefixes.length === contextLength) {
      prefixes.shift(...dropped(options, prompt, tokenizer.bos, contextLength));
    }
    await decoder.evaluate([choices.last], prefixes.length, signal);
    throwIfAborted(signal);
    prefixes.append([choices.last]);
    index = 0;
  }
  final.reason = reason;
  const rest = deltaOf(text.flush(), each);
  final.evalMs = watch.lap();
  if (rest) yield rest;
  yield final;
}
