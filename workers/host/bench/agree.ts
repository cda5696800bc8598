/** Forced decoding of a loaded candidate (see `#core/bench/agreement`). */
import { agreementOf, beginForced, forcedBy, nextForced } from '#core/bench/agreement';
import type { Agreement } from '#core/bench/run';
import type { Contestant } from './contestant';
import type { Reference } from './references';

/** Null without a reference. @throws PaddockError what the engine says */
export async function agree(
  contestant: Contestant,
  reference: Reference | null,
  signal: AbortSignal,
): Promise<Agreement | null> {
  if (!reference) return null;
  let state = beginForced(reference.prompt, reference.ids);
  for (let next = nextForced(state); next; next = nextForced(state)) {
    state = forcedBy(state, await contestant.continued(next.prompt, next.generate, signal));
  }
  return agreementOf(state, reference.by);
}
