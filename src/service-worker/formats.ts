/** The formats that an answer may come in: which one a request asks for, and how each says that it failed. */
import { errorBody } from '#core/error-response';
import type { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import { isOpenAiPath, openAiErrorBody } from '#core/openai-error';
import { eventText } from '#core/sse';

const JSON_TYPE = 'application/json; charset=utf-8';
const OPENAI_JSON_TYPE = 'application/json';
const NDJSON_TYPE = 'application/x-ndjson';
const SSE_TYPE = 'text/event-stream';

/** Ollama's paths that stream unless `stream` is false; OpenAI's stream only where it is true. */
const STREAMS_BY_DEFAULT =
  /^api\/(chat|generate|pull|push|create|paddock\/(blobs|storage\/(check|repair)))$/;

const OPENAI_STREAMS = /^v1\/(chat\/)?completions$/;

/** The Content-Type of an answer that is JSON, errors too. */
export function jsonType(path: string): string {
  return isOpenAiPath(path) ? OPENAI_JSON_TYPE : JSON_TYPE;
}

/** The Content-Type that the host will answer with, as far as path and body tell. */
export function formatFor(path: string, body: ArrayBuffer | Blob | null): string {
  const stream = streamField(body);
  if (isOpenAiPath(path)) {
    return stream === true && OPENAI_STREAMS.test(path) ? SSE_TYPE : OPENAI_JSON_TYPE;
  }
  return STREAMS_BY_DEFAULT.test(path) && stream !== false ? NDJSON_TYPE : JSON_TYPE;
}

function streamField(body: ArrayBuffer | Blob | null): unknown {
  if (body instanceof Blob) return undefined; // a file
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body ?? undefined));
    return isObject(value) ? value.stream : undefined;
  } catch {
    return undefined; // the host says what is wrong with it
  }
}

/** An error as the API of this path has it. */
export function errorText(path: string, error: PaddockError): string {
  return JSON.stringify(isOpenAiPath(path) ? openAiErrorBody(error) : errorBody(error));
}

/** An error as the last line of a stream of this type; null where the type has no lines. */
export function asLine(type: string, error: string): string | null {
  if (type.startsWith(NDJSON_TYPE)) return `${error}\n`;
  return type.startsWith(SSE_TYPE) ? eventText(error) : null;
}
