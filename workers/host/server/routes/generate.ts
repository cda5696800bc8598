import type { ChatMessage } from '#core/engine';
import { badRequest, flag, isUnset, modelText, readBody, text } from '../body';
import { findModel, prepare } from '../generation';
import type { Route } from '../route';
import { loadOnly } from '../load-only';
import { answer } from '../reply';
import { refuseUnsupported, requireText } from '../unsupported';

export const generate: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  const model = await findModel(deps, spelling);
  await requireText(deps, spelling, model, 'generate');
  const raw = flag(body, 'raw', false);
  if (raw && ['template', 'system', 'context'].some((key) => !isUnset(body[key]))) {
    throw badRequest('raw mode does not support template, system, or context');
  }
  refuseUnsupported(body, spelling, model, ['suffix', 'template', 'context', 'images']);
  const prepared = await prepare(deps, body, model);
  const prompt = text(body, 'prompt');
  const shape = (content: string) => ({ response: content });
  if (prompt === '') return loadOnly(deps, prepared, signal, shape(''));

  const options = prepared.options.sampling;
  if (raw) {
    const start = { method: 'complete', params: { prompt, options } } as const;
    return answer(deps, prepared, start, shape, signal);
  }
  const system = text(body, 'system') || prepared.system;
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system', content: system } as const] : []),
    ...prepared.messages,
    { role: 'user', content: prompt },
  ];
  const { template } = prepared;
  const params = { messages, template, options };
  return answer(deps, prepared, { method: 'chat', params }, shape, signal);
};
