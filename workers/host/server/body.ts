/** Reads request bodies field by field; what has the wrong type is a 400 that says so. */
import { isDeeper } from '#core/depth';
import { PaddockError } from '#core/errors';
import { parseName, type ModelName } from '#core/names';
import { readBytes } from '#core/request-body';

export type Body = Record<string, unknown>;

/** Who is told of the body of which request. */
const listeners = new WeakMap<Request, (body: Body) => void>();

/** Calls `listener` when a route has read the body of `request`. */
export function onBody(request: Request, listener: (body: Body) => void): void {
  listeners.set(request, listener);
}

/** What `fetch` says of a string's type is text/plain: a body that is JSON need not say so. */
const TYPES = ['application/json', 'text/plain'];

/** Objects and lists in a body, one in the other: what writes or renders them calls itself for each. */
export const DEEPEST = 500;

export function badRequest(message: string): PaddockError {
  return new PaddockError('bad_request', message);
}

/**
 * The body's JSON object.
 * @throws PaddockError `bad_request` for an empty body, bad JSON, or JSON that is no object; `unsupported_type`
 *   for a Content-Type that is neither JSON nor text; `too_large`
 */
export async function readBody(request: Request): Promise<Body> {
  const type = request.headers.get('content-type');
  const known = type === null || TYPES.includes(type.split(';', 1)[0]!.trim().toLowerCase());
  if (request.body && !known) {
    throw new PaddockError('unsupported_type', `the Content-Type "${brief(type)}" is not JSON`);
  }
  const bytes = await readBytes(request);
  const text = new TextDecoder().decode(bytes ?? undefined);
  if (text.trim() === '') throw badRequest('missing request body');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badRequest((error as Error).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('the request body must be a JSON object');
  }
  if (isDeeper(value, DEEPEST)) {
    throw badRequest(`the request body is nested over ${DEEPEST} deep: make its values flatter`);
  }
  listeners.get(request)?.(value as Body);
  return value as Body;
}

/** Characters of a stranger's text that an error repeats. */
const BRIEF = 200;

/** As much of `text` as a sentence can hold. */
export function brief(text: string): string {
  return text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text;
}

/** The string at `key`; '' when absent. */
export function text(body: Body, key: string): string {
  const value = body[key] ?? '';
  if (typeof value !== 'string') throw badRequest(`"${key}" must be a string`);
  return value;
}

/** The boolean at `key`, or `fallback` when absent. */
export function flag(body: Body, key: string, fallback: boolean): boolean {
  const value = body[key] ?? fallback;
  if (typeof value !== 'boolean') throw badRequest(`"${key}" must be a boolean`);
  return value;
}

/** `model`, or the deprecated `name` that ollama-js still sends for pull and delete. */
export function modelText(body: Body): string {
  return text(body, 'model') || text(body, 'name');
}

/** True for absent, null, false, '' and empty lists: nothing was asked for. */
export function isUnset(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/** @throws PaddockError `invalid_name` with the sentence that this route's contract has */
export function requireName(spelling: string, sentence = 'invalid model name'): ModelName {
  const name = parseName(spelling);
  if (!name) throw new PaddockError('invalid_name', sentence);
  return name;
}
