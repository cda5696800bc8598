/** Log-probabilities: what a request asks for, and how Ollama writes them. */
import type { Logprob, SamplingOptions, TokenLogprob } from '#core/engine';
import { badRequest, flag, type Body } from './body';

/** Tokens; Ollama's and OpenAI's limit. */
const MOST = 20;

/** JSON has no infinity; OpenAI's API writes this for a chosen token that could not come. */
const NEVER = -9999;

/** The options that ask for them; {} where they are not asked for. @throws PaddockError `bad_request` */
export function readLogprobs(body: Body): Pick<SamplingOptions, 'logprobs' | 'top_logprobs'> {
  const top = body.top_logprobs ?? 0;
  if (!Number.isInteger(top) || (top as number) < 0 || (top as number) > MOST) {
    throw badRequest(`top_logprobs must be between 0 and ${MOST}`);
  }
  return flag(body, 'logprobs', false) ? { logprobs: true, top_logprobs: top as number } : {};
}

/** Ollama leaves out what is empty. The likeliest are without what cannot come: a list of two may be one. */
export function writeLogprobs(logprobs: readonly TokenLogprob[]): Record<string, unknown>[] {
  return logprobs.map(({ top_logprobs: top, ...chosen }) => {
    const possible = top.filter(({ logprob }) => Math.exp(logprob) > 0);
    return {
      ...write(chosen),
      ...(possible.length > 0 && { top_logprobs: possible.map(write) }),
    };
  });
}

function write({ token, logprob, bytes }: Logprob) {
  return { token, logprob: Math.max(logprob, NEVER), ...(bytes.length > 0 && { bytes }) };
}
