import type { Think } from '#core/engine';
import { badRequest, brief, type Body } from './body';

const LEVELS: readonly unknown[] = ['low', 'medium', 'high', 'max'];

/** Undefined where nobody asked. @throws PaddockError `bad_request`, in Ollama's words */
export function readThink({ think }: Body): Think | undefined {
  if (think === undefined || think === null) return undefined;
  if (typeof think === 'boolean' || LEVELS.includes(think)) return think as Think;
  const shown = JSON.stringify(brief(typeof think === 'string' ? think : JSON.stringify(think)));
  throw badRequest(
    `invalid think value: ${shown} (must be "high", "medium", "low", "max", true, or false)`,
  );
}
