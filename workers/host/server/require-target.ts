import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { parseLibrary } from '#core/mlc/library';
import { parsePullTarget, wishesOf, type MlcWishes, type PullTarget } from '#core/pull-target';
import { badRequest, brief, flag, modelText, text, type Body } from './body';

/** What `model` (or `name`) and the rest of a pull ask for. @throws PaddockError `invalid_name`, with Ollama's words */
export function requireTarget(body: Body): PullTarget {
  const spelling = modelText(body);
  const insecure = flag(body, 'insecure', false);
  const target = parsePullTarget(spelling, insecure);
  if (target) return { ...target, ...mlcWishes(body) };
  const plain = !insecure && parsePullTarget(spelling, true) !== null;
  throw new PaddockError('invalid_name', plain ? 'insecure protocol http' : 'invalid model name');
}

/** `library`, `accept_library` and `force`, which MLC models know. @throws PaddockError `bad_request` */
export function mlcWishes(body: Body): MlcWishes | undefined {
  const [asked, accepted] = [text(body, 'library'), text(body, 'accept_library')];
  const library = asked === '' ? undefined : parseLibrary(asked);
  if (library === null) {
    const what = 'an https address, an http one of this computer, or the digest of a stored file';
    throw badRequest(`"library" must be ${what}, and "${brief(asked)}" is not`);
  }
  const acceptLibrary = accepted === '' ? undefined : parseDigest(accepted);
  if (acceptLibrary === null) throw badRequest('"accept_library" must be a digest');
  return wishesOf({
    library,
    acceptLibrary,
    ...(flag(body, 'force', false) && { force: true as const }),
  });
}
