import type { NativeLogprob } from './native';

/** Log-probabilities as a chat has them, in a `choice`; {} where there are none. */
export function chatLogprobs(logprobs: readonly NativeLogprob[] = []) {
  if (logprobs.length === 0) return {};
  const content = logprobs.map(({ top_logprobs: top = [], ...chosen }) => ({
    ...write(chosen),
    top_logprobs: top.map(write),
  }));
  return { logprobs: { content } };
}

function write({ token, logprob, bytes }: NativeLogprob) {
  return { token, logprob, bytes: bytes ?? null };
}

/** The older shape, of `/v1/completions`: a list each, and the likeliest by their texts. */
export function textLogprobs(logprobs: readonly NativeLogprob[] = []) {
  if (logprobs.length === 0) return {};
  const byToken = (top: readonly NativeLogprob[]) =>
    Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]));
  return {
    logprobs: {
      tokens: logprobs.map(({ token }) => token),
      token_logprobs: logprobs.map(({ logprob }) => logprob),
      top_logprobs: logprobs.map(({ top_logprobs: top = [] }) => byToken(top)),
    },
  };
}
