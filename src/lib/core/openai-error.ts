/** How an error looks on OpenAI's paths, whose clients read another body than Ollama's. */
import { statusOf } from '#core/error-response';
import type { PaddockError } from '#core/errors';

/** An encoded slash is no way around it. */
const PATHS = /^\/?v1(\/|%2f|$)/i;

/** Whether a path, which counts from the site's folder, is of OpenAI's API. */
export function isOpenAiPath(path: string): boolean {
  return PATHS.test(path);
}

/** Source: ollama, openai/openai.go (`NewError`). */
const TYPES: Record<number, string> = { 400: 'invalid_request_error', 404: 'not_found_error' };

/** OpenAI's envelope, with Ollama's types by the HTTP status. */
export function openAiError(message: string, status: number) {
  return { error: { message, type: TYPES[status] ?? 'api_error', param: null, code: null } };
}

/** The same of an error of ours. */
export function openAiErrorBody({ message, code }: PaddockError) {
  return openAiError(message, statusOf(code));
}
