/** What generate, chat and the embedding routes have in common in their bodies. */
import { parseKeepAlive } from '#core/duration';
import { isObject } from '#core/is-object';
import { badRequest, flag, modelText, type Body } from './body';

export interface Asked {
  /** As the request spells the model. */
  spelling: string;
  /** Undefined where the request does not say. */
  keepAliveMs: number | undefined;
  stream: boolean;
  /** Undefined where the request does not say. */
  shift: boolean | undefined;
  /** Of the types that JSON tells; what each option has to be is looked at when the model is known. */
  options: Record<string, unknown>;
  /** `deps.now()` when the request came. */
  started: number;
}

/**
 * Read before the model is looked up, as the rest of the body is: Ollama finds a field of a wrong type first.
 * @throws PaddockError `bad_request`
 */
export function readAsked(body: Body, started: number): Asked {
  const { keep_alive: said, options } = body;
  const unsaid = said === undefined || said === null;
  const keepAliveMs = unsaid ? undefined : parseKeepAlive(said);
  if (keepAliveMs === null) throw badRequest('"keep_alive" must be a duration such as "5m" or 300');
  const none = options === undefined || options === null;
  if (!none && !isObject(options)) throw badRequest('"options" must be an object');
  return {
    spelling: modelText(body),
    keepAliveMs,
    stream: flag(body, 'stream', true),
    shift: (body.shift ?? null) === null ? undefined : flag(body, 'shift', true),
    options: none ? {} : options,
    started,
  };
}
