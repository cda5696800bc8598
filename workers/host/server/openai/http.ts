/** OpenAI's answers: its content types, and errors in its envelope. */
import { openAiError, openAiErrorBody } from '#core/openai-error';
import { toPaddockError } from '#core/errors';
import { statusOf } from '#core/error-response';

/** An answer that is complete. */
export function openAiJson(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}

export function openAiErrorResponse(thrown: unknown): Response {
  const error = toPaddockError(thrown);
  return openAiJson(openAiErrorBody(error), statusOf(error.code));
}

/** A native route's error in the envelope. */
export async function passError(native: Response): Promise<Response> {
  const { error } = (await native.json()) as { error: string };
  return openAiJson(openAiError(error, native.status), native.status);
}
