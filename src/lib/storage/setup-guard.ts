/** What was set for a chat, as far as it can be used: a damaged part is left out, the rest stays. */
import type { ChatOptions } from '#core/chat-setup';
import { isObject } from '#core/is-object';
import type { ChatSetup } from './records';

const LEVELS = ['low', 'medium', 'high'];

export function parseSetup(value: Record<string, unknown>): ChatSetup {
  const { model, system, options, think, format, logprobs, tools, toolSteps, compare } = value;
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof system === 'string' ? { system } : {}),
    ...(isObject(options) ? { options: parseOptions(options) } : {}),
    ...(isThink(think) ? { think } : {}),
    ...(typeof format === 'string' ? { format } : {}),
    ...(isCount(logprobs) ? { logprobs } : {}),
    ...(isTexts(tools) ? { tools } : {}),
    ...(isCount(toolSteps) ? { toolSteps } : {}),
    ...(isObject(compare) && typeof compare.with === 'string'
      ? { compare: { with: compare.with, ...(compare.blind === true ? { blind: true } : {}) } }
      : {}),
  };
}

/** Names are not looked at: the host refuses a wrong one in words. */
function parseOptions(options: Record<string, unknown>): ChatSetup['options'] {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, OptionValue] => isValue(entry[1])),
  );
}

type OptionValue = ChatOptions[string];

/** Of the one option that is a word, `kv_cache_type`. */
const WORDS: unknown[] = ['f16', 'q8_0'];

function isValue(value: unknown): value is OptionValue {
  return (
    Number.isFinite(value) || typeof value === 'boolean' || WORDS.includes(value) || isTexts(value)
  );
}

function isThink(value: unknown): value is NonNullable<ChatSetup['think']> {
  return typeof value === 'boolean' || (typeof value === 'string' && LEVELS.includes(value));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
