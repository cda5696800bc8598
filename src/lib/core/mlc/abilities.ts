/** What an MLC model can do beside writing, by its own texts: the same question at its pull and at its load. */
import type { MlcChatConfig } from '#core/mlc/chat-config';

/** Encoders by their model's type: they make vectors and no text. */
const ENCODERS = /^(bert|xlm-roberta|nomic-bert)/;

export function makesEmbeddings({ modelType }: Pick<MlcChatConfig, 'modelType'>): boolean {
  return ENCODERS.test(modelType);
}

/** web-llm 0.2.86 knows how to cut images for this type only, and fails at the first image of any other. */
export function seesImages({
  modelType,
  vision,
}: Pick<MlcChatConfig, 'modelType' | 'vision'>): boolean {
  return vision && modelType === 'phi3_v';
}

/** Qwen 3; DeepSeek R1's distillations have other models' types, and are known by their template's name. */
const THINKERS = /^qwen3/;
const R1 = /deepseek[-_ ]?r1/i;

/** Whether it writes what it thinks, between the tags that all of MLC's models have for it. */
export function knowsThinking({
  modelType,
  conversation: { name },
}: Pick<MlcChatConfig, 'modelType' | 'conversation'>): boolean {
  return THINKERS.test(modelType) || (typeof name === 'string' && R1.test(name));
}

/** Hermes 2 Pro and Hermes 3, as MLC's templates name them: `hermes2_pro_llama3`, `hermes3_llama-3_1`. */
const HERMES = /hermes[-_ ]?(2[-_ ]?pro|3)/i;

/**
 * Whether it learned Hermes' way of tools: by its template's name, or because its template speaks of the tag that a
 * call begins with. Hermes 2 Pro on Mistral has OpenHermes' template, which says neither: web-llm's list names it.
 */
export function knowsTools({ conversation }: Pick<MlcChatConfig, 'conversation'>): boolean {
  const { name, system_template: system, system_message: told } = conversation;
  if (typeof name === 'string' && HERMES.test(name)) return true;
  return [system, told].some((text) => typeof text === 'string' && text.includes('<tool_call>'));
}
