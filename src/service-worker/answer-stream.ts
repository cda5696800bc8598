/** The body of an answer, pulled from the host as the client reads. */
import { toPaddockError } from '#core/errors';
import type { PortAnswer } from '#core/port-answer';
import { asLine, errorText } from './formats';

/**
 * `answer`, of this `path`, may be under way still. What fails, fails in the stream's own words: by a last line, or as
 * the whole body while nothing has been sent; else the stream breaks. `stop` is called when the client wants no more,
 * `end` when nothing more is to come, for either reason.
 */
export function answerStream(
  path: string,
  answer: PortAnswer | Promise<PortAnswer>,
  type: string,
  stop: () => void,
  end: () => void,
): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { status, next } = await answer;
        // An error status that comes after our 200 is an error line.
        const late = answer instanceof Promise && status >= 400;
        const bytes = late ? await errorBytes(next, type) : await next();
        if (bytes) controller.enqueue(bytes);
        if (bytes && !late) return void (sent = true);
        controller.close();
      } catch (thrown) {
        const error = toPaddockError(thrown);
        const text = errorText(path, error);
        const words = asLine(type, text) ?? (sent ? null : text);
        if (words === null) controller.error(error);
        else {
          controller.enqueue(new TextEncoder().encode(words));
          controller.close();
        }
      }
      end();
    },
    cancel() {
      stop();
      end();
    },
  });
}

/** The host's error body in the stream's format. */
async function errorBytes(next: PortAnswer['next'], type: string): Promise<Uint8Array> {
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await next(); bytes; bytes = await next()) {
    text += decoder.decode(bytes, { stream: true });
  }
  return new TextEncoder().encode(asLine(type, text) ?? text);
}
