import type { ChatMessage } from '#core/engine';
import { badRequest, flag, isUnset, modelText, readBody, text } from '../body';
import { readFormat } from '../format';
import { findModel, prepare } from '../generation';
import { checkImages, parseImages } from '../images';
import type { Route } from '../route';
import { loadOnly } from '../load-only';
import { readLogprobs } from '../logprobs';
import { refuseNeeds, type Need } from '../needs';
import { answer } from '../reply';
import { refuseUnsupported, requireText } from '../unsupported';

export const generate: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  const format = readFormat(body);
  const probabilities = readLogprobs(body);
  const images = parseImages(body.images);
  const model = await findModel(deps, spelling);
  await requireText(deps, spelling, model, 'generate');
  const raw = flag(body, 'raw', false);
  if (raw && ['template', 'system', 'context'].some((key) => !isUnset(body[key]))) {
    throw badRequest('raw mode does not support template, system, or context');
  }
  refuseUnsupported(body, spelling, model, ['think', 'suffix', 'template', 'context']);
  const needs: Need[] = [];
  if (format) needs.push('format');
  if (images) needs.push('vision');
  if (probabilities.logprobs) needs.push('logprobs');
  await refuseNeeds(deps, needs, spelling, model);
  if (raw && images) throw badRequest('raw mode does not support images');
  const prompt = text(body, 'prompt');
  const asked: ChatMessage = { role: 'user', content: prompt, ...(images && { images }) };
  checkImages([asked]);
  const prepared = await prepare(deps, body, model);
  const shape = (content: string) => ({ response: content });
  if (prompt === '') return loadOnly(deps, prepared, signal, shape(''));

  const options = { ...prepared.options.sampling, ...probabilities };
  if (raw) {
    const params = { prompt, options, ...(format && { format }) };
    return answer(deps, prepared, { method: 'complete', params, needs }, shape, signal);
  }
  const system = text(body, 'system') || prepared.system;
  const messages: ChatMessage[] = [
    ...(system ? [{ role: 'system', content: system } as const] : []),
    ...prepared.messages,
    asked,
  ];
  const { template } = prepared;
  const params = { messages, template, options, ...(format && { format }) };
  return answer(deps, prepared, { method: 'chat', params, needs }, shape, signal);
};
