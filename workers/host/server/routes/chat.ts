import { badRequest, modelText, readBody } from '../body';
import { readChat } from '../chat-params';
import { findModel } from '../generation';
import type { Route } from '../route';
import { loadOnly, unloadOnly } from '../load-only';
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
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const asked = parseMessages(body.messages);
  const model = await findModel(deps, spelling);
  const unloaded = asked.length === 0 ? unloadOnly(deps, body, model, shape('')) : null;
  if (unloaded) return unloaded;
  const { prepared, params, needs } = await readChat(deps, body, asked, model);
  if (asked.length === 0) return loadOnly(deps, prepared, signal, shape(''));
  return answer(deps, prepared, { method: 'chat', params, needs }, shape, signal);
};
