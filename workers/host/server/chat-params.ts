/** A request to `/api/chat` as the runner is given it. */
import type { ChatMessage, ChatParams } from '#core/engine';
import type { InstalledModel } from '../registry/installed';
import { readAsked } from './asked';
import { flag, type Body } from './body';
import type { Deps } from './deps';
import { readFormat } from './format';
import { prepare, type Prepared } from './generation';
import { checkImages } from './images';
import { readLogprobs } from './logprobs';
import { refuseNeeds, type Need } from './needs';
import { parseTool, readTools } from './tools';
import { readThink } from './think';
import { requireText } from './unsupported';

export interface AskedChat {
  prepared: Prepared;
  params: ChatParams;
  needs: Need[];
}

/** Of the body what can be read before the model is looked up. @throws PaddockError `bad_request` */
export function readChatFields(body: Body, started: number) {
  return {
    format: readFormat(body),
    think: readThink(body),
    probabilities: readLogprobs(body),
    given: readTools(body),
    truncate: flag(body, 'truncate', true),
    common: readAsked(body, started),
  };
}

/** @throws PaddockError `bad_request`, `not_supported`, and what the model's files say */
export async function prepareChat(
  deps: Deps,
  { format, think, probabilities, given, truncate, common }: ReturnType<typeof readChatFields>,
  asked: ChatMessage[],
  model: InstalledModel,
): Promise<AskedChat> {
  await requireText(deps, common.spelling, model, 'chat');
  const needs: Need[] = [];
  if (think) needs.push('thinking');
  if (given) needs.push('tools');
  if (format) needs.push('format');
  if (asked.some(({ images }) => images)) needs.push('vision');
  if (probabilities.logprobs) needs.push('logprobs');
  await refuseNeeds(deps, needs, common.spelling, model);
  const tools = given?.map(parseTool);
  checkImages(asked);
  const prepared = await prepare(deps, common, model);
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
  return { prepared, params, needs };
}
