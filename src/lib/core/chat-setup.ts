/** What is set for one chat, as the fields of a request to `/api/chat`. */
import { PaddockError } from '#core/errors';
import type { Format, Think } from '#core/engine';
import { isObject } from '#core/is-object';

/** By Ollama's names, those that take effect at the load too. */
export type ChatOptions = Record<string, number | boolean | string | string[]>;

/** The levels that the package `ollama` has types for. */
export type ChatThink = Exclude<Think, 'max'>;

/** Of `ChatSetup` in storage, what a request is made of. */
export interface RequestSetup {
  system?: string;
  options?: ChatOptions;
  think?: ChatThink;
  /** The text of a JSON Schema; empty: any JSON. */
  format?: string;
  logprobs?: number;
  tools?: string[];
  toolSteps?: number;
}

export interface SetupFields {
  options?: ChatOptions;
  think?: ChatThink;
  format?: Format;
  logprobs?: true;
  top_logprobs?: number;
}

/** Ollama's limit. */
export const MOST_ALTERNATIVES = 20;

/** @throws PaddockError `bad_request` where the format is no JSON object */
export function setupFields({ options, think, format, logprobs }: RequestSetup): SetupFields {
  return {
    ...(options && Object.keys(options).length > 0 ? { options } : {}),
    ...(think !== undefined ? { think } : {}),
    ...(format !== undefined ? { format: readFormat(format) } : {}),
    ...(logprobs !== undefined ? { logprobs: true, top_logprobs: logprobs } : {}),
  };
}

/** The messages with the chat's own system prompt before them; an empty one takes the place of the model's. */
export function withSystem<M extends { role: string; content: string }>(
  messages: readonly M[],
  { system }: RequestSetup,
): (M | { role: 'system'; content: string })[] {
  return system === undefined ? [...messages] : [{ role: 'system', content: system }, ...messages];
}

/** @throws PaddockError `bad_request` */
export function readFormat(text: string): Format {
  if (text.trim() === '') return 'json';
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    throw new PaddockError('bad_request', `The JSON Schema of this chat is no JSON: ${where}`);
  }
  if (isObject(schema)) return schema;
  throw new PaddockError('bad_request', 'A JSON Schema is an object, such as {"type": "object"}.');
}

/** How many things are set. */
export function setCount({ options = {}, ...setup }: RequestSetup): number {
  const { system, think, format, logprobs, tools, toolSteps } = setup;
  const others = [system, think, format, logprobs, tools, toolSteps].filter(
    (one) => one !== undefined,
  );
  return others.length + Object.keys(options).length;
}
