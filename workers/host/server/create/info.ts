/** `info` of `/api/create`: what the sender knows better than the file. */
import { isObject } from '#core/is-object';
import type { ModelConfig } from '#core/manifest';
import { badRequest, isUnset } from '../body';

const TEXTS = {
  model_family: 'model_family',
  parameter_size: 'model_type',
  quantization_level: 'file_type',
} as const;
const COUNTS = ['context_length', 'embedding_length'] as const;

/** Keys that nobody knows are left out. @throws PaddockError `bad_request` */
export function readInfo(info: unknown): Partial<ModelConfig> {
  if (isUnset(info)) return {};
  if (!isObject(info)) throw badRequest('"info" must be an object');
  const config: Partial<ModelConfig> = {};
  for (const [key, field] of Object.entries(TEXTS)) {
    const value = info[key];
    if (isUnset(value)) continue;
    if (typeof value !== 'string') throw badRequest(`"info.${key}" must be a string`);
    config[field] = value;
  }
  for (const key of COUNTS) {
    const value = info[key];
    if (isUnset(value)) continue;
    const valid = Number.isSafeInteger(value) && (value as number) > 0;
    if (!valid) throw badRequest(`"info.${key}" must be a whole number above 0`);
    config[key] = value as number;
  }
  const { capabilities } = info;
  if (isUnset(capabilities)) return config;
  if (!Array.isArray(capabilities) || !capabilities.every((one) => typeof one === 'string')) {
    throw badRequest('"info.capabilities" must be an array of strings');
  }
  return { ...config, capabilities };
}
