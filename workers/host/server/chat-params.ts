/** A request to `/api/chat` as the runner is given it. */
import type { ChatMessage, ChatParams } from '#core/engine';
import type { InstalledModel } from '../registry/installed';
import { flag, isUnset, modelText, type Body } from './body';
import type { Deps } from './deps';
import { readFormat } from './format';
import { prepare, type Prepared } from './generation';
import { checkImages } from './images';
import { readLogprobs } from './logprobs';
import { refuseNeeds, type Need } from './needs';
import { parseTools } from './tools';
import { readThink } from './think';
import { requireText } from './unsupported';

export interface AskedChat {
  prepared: Prepared;
  params: ChatParams;
  needs: Need[];
}

/** @throws PaddockError `bad_request`, `not_supported`, and what the model's files say */
export async function readChat(
  deps: Deps,
  body: Body,
  asked: ChatMessage[],
  model: InstalledModel,
): Promise<AskedChat> {
  const spelling = modelText(body);
  const format = readFormat(body);
  const think = readThink(body);
  const probabilities = readLogprobs(body);
  await requireText(deps, spelling, model, 'chat');
  const needs: Need[] = [];
  if (think) needs.push('thinking');
  if (!isUnset(body.tools)) needs.push('tools');
  if (format) needs.push('format');
  if (asked.some(({ images }) => images)) needs.push('vision');
  if (probabilities.logprobs) needs.push('logprobs');
  await refuseNeeds(deps, needs, spelling, model);
  const tools = parseTools(body.tools);
  checkImages(asked);
  const prepared = await prepare(deps, body, model);
  const { system, template } = prepared;
  const all = [...prepared.messages, ...asked];
  const messages =
    system && asked[0]?.role !== 'system'
      ? [{ role: 'system', content: system } as const, ...all]
      : all;
  const options = { ...prepared.options.sampling, ...probabilities };
  const params: ChatParams = {
    ...{ messages, template, options, truncate: flag(body, 'truncate', true) },
    ...(format && { format }),
    ...(tools && { tools }),
    ...(think !== undefined && { think }),
  };
  return { prepared, params, needs };
}
