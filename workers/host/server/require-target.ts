import { PaddockError } from '#core/errors';
import { parsePullTarget, type PullTarget } from '#core/pull-target';
import { flag, modelText, type Body } from './body';

/** What `model` (or `name`) and `insecure` ask for. @throws PaddockError `invalid_name`, with Ollama's words */
export function requireTarget(body: Body): PullTarget {
  const spelling = modelText(body);
  const insecure = flag(body, 'insecure', false);
  const target = parsePullTarget(spelling, insecure);
  if (target) return target;
  const plain = !insecure && parsePullTarget(spelling, true) !== null;
  throw new PaddockError('invalid_name', plain ? 'insecure protocol http' : 'invalid model name');
}
