/** `POST /api/paddock/count`: see `CountAnswer`. */
import type { CountAnswer } from '#core/paddock-api';
import { badRequest, modelText, readBody } from '../body';
import { prepareChat, readChatFields } from '../chat-params';
import { findModel } from '../generation';
import { json } from '../http';
import { parseMessages } from '../messages';
import { requireNeeds } from '../needs';
import type { Route } from '../route';

export const count: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const asked = parseMessages(body.messages);
  if (asked.length === 0) throw badRequest('messages are required');
  const fields = readChatFields(body, deps.now());
  const model = await findModel(deps, spelling);
  const { prepared, params, needs } = await prepareChat(deps, fields, asked, model);
  const answer = await deps.scheduler.withLoaded(
    prepared.lease,
    async ({ runner }): Promise<CountAnswer> => {
      requireNeeds(runner, needs, spelling);
      const { promptTokens, dropped, cut } = await runner.count(params, signal);
      const { contextLength } = runner.info;
      const counts = { prompt_eval_count: promptTokens, context_length: contextLength };
      return { loaded: true, model: spelling, ...counts, dropped, cut };
    },
    signal,
  );
  return json(answer ?? ({ loaded: false } satisfies CountAnswer));
};
