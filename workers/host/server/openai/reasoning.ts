import type { Think } from '#core/engine';
import { isObject } from '#core/is-object';
import { badRequest, brief, type Body } from '../body';

/** OpenAI's efforts as Ollama's: it has no name for some. */
const EFFORTS = new Map<unknown, Think>([
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'max'],
  ['ultra', 'max'],
  ['max', 'max'],
]);

/**
 * `reasoning.effort`, or else `reasoning_effort`; undefined where nobody asked.
 * @throws PaddockError `bad_request`, in Ollama's words
 */
export function readThinking({ reasoning, reasoning_effort }: Body): Think | undefined {
  const effort = isObject(reasoning) ? reasoning.effort : reasoning_effort;
  if (effort === undefined || effort === null || effort === '') return undefined;
  const think = EFFORTS.get(effort);
  if (think !== undefined) return think;
  const shown = brief(typeof effort === 'string' ? effort : JSON.stringify(effort));
  throw badRequest(
    `invalid reasoning value: '${shown}' (must be "high", "medium", "low", "max", or "none")`,
  );
}
