import type { ChatMessage, ChatParams } from '#core/engine';
import { readAsked } from '../asked';
import { badRequest, flag, isUnset, modelText, readBody, text, type Body } from '../body';
import type { Deps } from '../deps';
import { readFormat } from '../format';
import { prepare } from '../generation';
import { checkImages, parseImages } from '../images';
import type { Route } from '../route';
import { loadOnly, modelOrUnloaded } from '../load-only';
import { readLogprobs } from '../logprobs';
import { refuseNeeds, type Need } from '../needs';
import { answer, type Shape } from '../reply';
import { readThink } from '../think';
import { requireText } from '../unsupported';

const shape: Shape = (content, { thinking, toolCalls = [] } = {}) => ({
  response: content,
  ...(thinking && { thinking }),
  ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
});

/** `POST /api/generate` */
export const generate: Route = (request, deps, signal) =>
  generating(request, deps, signal, { tellContext: true });

/** The same for who has no use for the context's tokens. */
export const generateText: Route = (request, deps, signal) =>
  generating(request, deps, signal, { tellContext: false });

async function generating(
  request: Request,
  deps: Deps,
  signal: AbortSignal,
  { tellContext }: { tellContext: boolean },
): Promise<Response> {
  const started = deps.now();
  const body = await readBody(request);
  const spelling = modelText(body);
  const format = readFormat(body);
  const think = readThink(body);
  const probabilities = readLogprobs(body);
  const context = readContext(body);
  const images = parseImages(body.images);
  const prompt = text(body, 'prompt');
  const [suffix, ownSystem, ownTemplate] = ['suffix', 'system', 'template'].map((key) =>
    text(body, key),
  );
  const raw = flag(body, 'raw', false);
  const truncate = flag(body, 'truncate', true);
  const common = readAsked(body, started);
  const model = await modelOrUnloaded(deps, common, prompt === '', shape(''));
  if (model instanceof Response) return model;
  await requireText(deps, spelling, model, 'generate');
  if (raw && ['template', 'system', 'context'].some((key) => !isUnset(body[key]))) {
    throw badRequest('raw mode does not support template, system, or context');
  }
  const needs: Need[] = [];
  if (think) needs.push('thinking');
  if (suffix) needs.push('insert');
  if (format) needs.push('format');
  if (images) needs.push('vision');
  if (probabilities.logprobs) needs.push('logprobs');
  await refuseNeeds(deps, needs, spelling, model);
  if (raw && images) throw badRequest('raw mode does not support images');
  const asked: ChatMessage = { role: 'user', content: prompt, ...(images && { images }) };
  checkImages([asked]);
  const prepared = await prepare(deps, common, model);
  if (prompt === '') return loadOnly(deps, prepared, signal, shape(''));

  const options = { ...prepared.options.sampling, ...probabilities };
  if (raw) {
    const params = { prompt, truncate, options, ...(format && { format }) };
    return answer(deps, prepared, { method: 'complete', params, needs }, shape, signal);
  }
  const system = ownSystem || prepared.system;
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system', content: system } as const] : []),
    ...(context ? [] : prepared.messages), // an earlier prompt had them
    asked,
  ];
  const template = ownTemplate || prepared.template;
  const params: ChatParams = {
    ...{ messages, template, truncate, options },
    ...(format && { format }),
    ...(suffix && { suffix }),
    ...(think !== undefined && { think }),
    ...(context && { context }),
    ...(tellContext && { tellContext }),
  };
  return answer(deps, prepared, { method: 'chat', params, needs }, shape, signal);
}

/** Tokens that an earlier answer gave back. @throws PaddockError `bad_request` */
function readContext({ context }: Body): number[] | undefined {
  if (context === undefined || context === null) return undefined;
  const list: unknown[] | undefined = Array.isArray(context) ? context : undefined;
  const tokens = list?.every((token) => Number.isInteger(token) && (token as number) >= 0);
  if (!list || !tokens) throw badRequest('"context" must be an array of tokens');
  return list.length > 0 ? (list as number[]) : undefined;
}
