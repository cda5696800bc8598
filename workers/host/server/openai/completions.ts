import { badRequest, flag, readBody, type Body } from '../body';
import type { Route } from '../route';
import { generateText } from '../routes/generate';
import { logIgnored } from './ignored';
import { textLogprobs } from './logprobs';
import { headOf, newId, usageOf, type NativeText } from './native';
import { readNumbers, readStop } from './options';
import { readsUsage } from './stream-options';
import { viaNative, type Dialect } from './via-native';

/** `POST /v1/completions`: one text to the text behind it. */
export const completions: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  return viaNative(
    generateText,
    request,
    nativeText(body),
    dialect(readsUsage(body)),
    deps,
    signal,
  );
};

/** The body of `/api/generate` that asks the same. @throws PaddockError `bad_request` */
function nativeText(body: Body) {
  const { model, prompt, suffix } = body;
  const defaults = { temperature: 1, top_p: 1, frequency_penalty: 0, presence_penalty: 0 };
  logIgnored(body, ['n', 'best_of', 'echo', 'user', 'logit_bias']);
  return {
    ...{ model, prompt, suffix },
    ...readLogprobs(body),
    options: { ...defaults, ...readNumbers(body), ...readStop(body) },
    stream: flag(body, 'stream', false),
  };
}

/** Here they are asked for by how many. @throws PaddockError `bad_request` */
function readLogprobs({ logprobs }: Body) {
  const count = logprobs ?? 0;
  if (!Number.isInteger(count)) throw badRequest('"logprobs" must be an integer');
  return (count as number) > 0 ? { logprobs: true, top_logprobs: count } : {};
}

/** `usage`: a last chunk tells the counts. */
function dialect(usage: boolean): Dialect<NativeText> {
  const id = newId('cmpl');
  let head: ReturnType<typeof headOf> | undefined;
  const choice = ({ response, done_reason, logprobs }: NativeText) => ({
    text: response,
    index: 0,
    finish_reason: done_reason ?? null,
    ...textLogprobs(logprobs),
  });
  const headFor = (native: NativeText) => (head ??= headOf(native, id, 'text_completion'));
  return {
    whole: (native) => ({
      ...headFor(native),
      choices: [choice(native)],
      usage: usageOf(native),
    }),
    chunks: (native) => [
      { ...headFor(native), choices: [choice(native)] },
      ...(native.done && usage
        ? [{ ...headFor(native), choices: [], usage: usageOf(native) }]
        : []),
    ],
  };
}
