/** How many tokens a text has, from llama.cpp itself: wllama gives none of them away. */
import { PaddockError } from '#core/errors';

/** llama.cpp makes each context a multiple of so many tokens, and tells the one that it was asked for. */
const STEP = 256;

/**
 * llama.cpp says how many tokens a prompt has where it refuses it, at once and before it reads any: so the text is
 * followed by as much as no context holds. A special token there changes nothing of the text's own tokens.
 * @param refuse sends a text. @throws PaddockError `context_exceeded`
 * @param special the name of a special token; '' where there is none, and all that can be said is 0
 */
export async function countTokens(
  text: string,
  special: string,
  contextLength: number,
  refuse: (text: string) => Promise<void>,
): Promise<number> {
  if (special === '') return 0;
  const more = Math.ceil(contextLength / STEP) * STEP;
  try {
    await refuse(text + special.repeat(more));
  } catch (error) {
    const exceeded = error instanceof PaddockError && error.code === 'context_exceeded';
    if (!exceeded) throw error;
    return Number(error.detail.promptTokens) - more;
  }
  throw new PaddockError('engine_failed', 'llama.cpp took a prompt that no context holds.');
}
