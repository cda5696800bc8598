import { badRequest, flag, modelText, readBody } from '../body';
import { findModel, prepare } from '../generation';
import type { Route } from '../route';
import { loadOnly } from '../load-only';
import { parseMessages } from '../messages';
import { answer } from '../reply';
import { refuseUnsupported, requireText } from '../unsupported';

export const chat: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const asked = parseMessages(body.messages);
  const model = await findModel(deps, spelling);
  await requireText(deps, spelling, model, 'chat');
  refuseUnsupported(body, spelling, model, ['tools']);
  const prepared = await prepare(deps, body, model);
  const shape = (content: string) => ({ message: { role: 'assistant', content } });
  if (asked.length === 0) return loadOnly(deps, prepared, signal, shape(''));

  const { system, template } = prepared;
  const all = [...prepared.messages, ...asked];
  const messages =
    system && asked[0]?.role !== 'system'
      ? [{ role: 'system', content: system } as const, ...all]
      : all;
  const params = { messages, template, options: prepared.options.sampling };
  const truncate = flag(body, 'truncate', true);
  return answer(deps, prepared, { method: 'chat', params, truncate }, shape, signal);
};
