/** Errors that come where an answer was to be: as its whole body, or as a line of its stream. */
import type { ErrorDetail } from '#core/errors';

/** Ollama's envelope with what Paddock adds, or OpenAI's. */
export interface ErrorBody {
  error: string | { message: string; type?: string };
  code?: string;
  detail?: ErrorDetail;
}

const START = '{"error":';
const EVENT = 'data: ';
const encoder = new TextEncoder();
const starts = [START, EVENT + START].map((text) => encoder.encode(text));

/** The error that `line`, of NDJSON or of an event stream, is; null for another line, and for one that was cut off. */
export function errorOfLine(line: string): ErrorBody | null {
  const text = line.startsWith(EVENT) ? line.slice(EVENT.length) : line;
  if (!text.startsWith(START)) return null;
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return null;
  }
}

/** The same of a chunk as the host sends it: a line of a stream is always one chunk. */
export function errorOfChunk(bytes: Uint8Array): ErrorBody | null {
  if (!starts.some((start) => start.every((byte, at) => bytes[at] === byte))) return null;
  const [line = ''] = new TextDecoder().decode(bytes).split('\n', 1);
  return errorOfLine(line);
}
