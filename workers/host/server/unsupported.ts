/** What this Paddock does not do yet is refused with a sentence; ignoring it would answer another question. */
import { PaddockError } from '#core/errors';
import type { InstalledModel } from '../registry/installed';
import { badRequest, isUnset, type Body } from './body';

/** Fields that both routes know and no engine here honours. */
const BOTH = ['format', 'logprobs', 'think'];

const WORDS: Record<string, string> = { suffix: 'insert', think: 'thinking' };

/** @throws PaddockError `not_supported` for the first field that is set */
export function refuseUnsupported(
  body: Body,
  spelling: string,
  model: InstalledModel,
  more: string[],
): void {
  const { top_logprobs: top = 0 } = body;
  if (typeof top !== 'number' || top < 0 || top > 20) {
    throw badRequest('top_logprobs must be between 0 and 20');
  }
  for (const field of [...BOTH, ...more]) {
    if (isUnset(body[field])) continue;
    const full = `registry.ollama.ai/library/${model.name}`;
    const who = field === 'suffix' || field === 'tools' ? full : `"${spelling}"`;
    throw new PaddockError('not_supported', `${who} does not support ${WORDS[field] ?? field}`);
  }
}
