import { badRequest, modelText, readBody } from '../body';
import { prepareChat, readChatFields } from '../chat-params';
import type { Route } from '../route';
import { loadOnly, modelOrUnloaded } from '../load-only';
import { parseMessages } from '../messages';
import { answer, type Shape } from '../reply';

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
  const fields = readChatFields(body, started);
  const model = await modelOrUnloaded(deps, fields.common, asked.length === 0, shape(''));
  if (model instanceof Response) return model;
  const { prepared, params, needs } = await prepareChat(deps, fields, asked, model);
  if (asked.length === 0) return loadOnly(deps, prepared, signal, shape(''));
  return answer(deps, prepared, { method: 'chat', params, needs }, shape, signal);
};
