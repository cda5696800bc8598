import type { ChatParams } from '#core/engine';
import { readAsked } from '../asked';
import { badRequest, flag, modelText, readBody } from '../body';
import { readFormat } from '../format';
import { prepare } from '../generation';
import { checkImages } from '../images';
import type { Route } from '../route';
import { loadOnly, modelOrUnloaded } from '../load-only';
import { readLogprobs } from '../logprobs';
import { parseMessages } from '../messages';
import { refuseNeeds, type Need } from '../needs';
import { answer, type Shape } from '../reply';
import { parseTool, readTools } from '../tools';
import { readThink } from '../think';
import { requireText } from '../unsupported';

const shape: Shape = (content, { thinking, toolCalls = [] } = {}) => ({
  message: {
    ...{ role: 'assistant', content },
    ...(thinking && { thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  },
});

export const chat: Route = async (request, deps, signal) => {
  const started = deps.now();
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const asked = parseMessages(body.messages);
  const format = readFormat(body);
  const think = readThink(body);
  const probabilities = readLogprobs(body);
  const given = readTools(body);
  const truncate = flag(body, 'truncate', true);
  const common = readAsked(body, started);
  const model = await modelOrUnloaded(deps, common, asked.length === 0, shape(''));
  if (model instanceof Response) return model;
  await requireText(deps, spelling, model, 'chat');
  const needs: Need[] = [];
  if (think) needs.push('thinking');
  if (given) needs.push('tools');
  if (format) needs.push('format');
  if (asked.some(({ images }) => images)) needs.push('vision');
  if (probabilities.logprobs) needs.push('logprobs');
  await refuseNeeds(deps, needs, spelling, model);
  const tools = given?.map(parseTool);
  checkImages(asked);
  const prepared = await prepare(deps, common, model);
  if (asked.length === 0) return loadOnly(deps, prepared, signal, shape(''));

  const { system, template } = prepared;
  const all = [...prepared.messages, ...asked];
  const messages =
    system && asked[0]?.role !== 'system'
      ? [{ role: 'system', content: system } as const, ...all]
      : all;
  const options = { ...prepared.options.sampling, ...probabilities };
  const params: ChatParams = {
    ...{ messages, template, options, truncate },
    ...(format && { format }),
    ...(tools && { tools }),
    ...(think !== undefined && { think }),
  };
  return answer(deps, prepared, { method: 'chat', params, needs }, shape, signal);
};
