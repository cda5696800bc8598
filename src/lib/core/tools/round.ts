/** A round: a message of a model's that calls tools, and the results behind it. */
import { sameCall, type Call } from '#core/tools/calls';

/** Of a message, what a round is known by. */
export interface RoundTurn {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly state: string;
  readonly toolCalls?: readonly Call[];
  readonly toolCallId?: string;
}

/** A message as it is shown: of a model, with its results; `step`: more of the same reply follows. */
export interface ShownTurn<T> {
  turn: T;
  results: T[];
  step: boolean;
}

/** The messages of a branch; results stand with their calls, unless they have none. */
export function shownTurns<T extends RoundTurn>(branch: readonly T[]): ShownTurn<T>[] {
  const shown: ShownTurn<T>[] = [];
  for (const turn of branch) {
    const last = shown.at(-1);
    if (turn.role === 'tool' && last?.turn.toolCalls) {
      last.results.push(turn);
      continue;
    }
    if (last?.turn.toolCalls && turn.role === 'assistant') last.step = true;
    shown.push({ turn, results: [], step: false });
  }
  return shown;
}

/** A result that nothing changes by itself any more. */
export function isSettled({ state }: Pick<RoundTurn, 'state'>): boolean {
  return state !== 'streaming' && state !== 'cut';
}

export function resultOf<T extends RoundTurn>(results: readonly T[], call: Call): T | undefined {
  return results.find(({ toolCallId }) => toolCallId === call.id);
}

/** The round with which a branch ends; undefined: it ends with something else. */
export function lastRound<T extends RoundTurn>(branch: readonly T[]) {
  const at = branch.findLastIndex(({ role }) => role !== 'tool');
  const asker = branch[at];
  if (!asker?.toolCalls?.length || asker.state !== 'done') return undefined;
  const results = branch.slice(at + 1);
  const open = asker.toolCalls.filter((call) => {
    const result = resultOf(results, call);
    return !result || !isSettled(result);
  });
  return { asker, results, open };
}

/** Equal rounds one after the other that are one too many. */
const SAME_ROUNDS = 3;

/** Why a model is not asked again by itself behind the round with which `branch` ends; null: nothing is against it. */
export function pauseReason(
  branch: readonly RoundTurn[],
  most: number,
): 'stopped' | 'repeats' | 'limit' | null {
  const from = branch.findLastIndex(({ role }) => role === 'user') + 1;
  const reply = branch.slice(from);
  const rounds = reply.flatMap(({ toolCalls }) => (toolCalls?.length ? [toolCalls] : []));
  const asker = reply.findLastIndex(({ role }) => role === 'assistant');
  if (reply.slice(asker + 1).some(({ state }) => state === 'stopped')) return 'stopped';
  const last = rounds.slice(-SAME_ROUNDS);
  const [first] = last;
  if (last.length === SAME_ROUNDS && last.every((calls) => sameRound(calls, first!))) {
    return 'repeats';
  }
  return rounds.length > 0 && rounds.length % Math.max(1, most) === 0 ? 'limit' : null;
}

function sameRound(a: readonly Call[], b: readonly Call[]): boolean {
  return a.length === b.length && a.every((call, at) => sameCall(call, b[at]!));
}

/** The results behind a message, in whatever branch is shown, each behind the other. */
export function resultsBehind<T extends RoundTurn>(all: readonly T[], asker: RoundTurn): T[] {
  const results: T[] = [];
  for (let id: string | undefined = asker.id; id !== undefined;) {
    const next = all.find(({ parentId, role }) => parentId === id && role === 'tool');
    if (next) results.push(next);
    id = next?.id;
  }
  return results;
}

/** The first message of the reply to which `path` leads: rounds of calls before an answer belong to it. */
export function headOf<T extends RoundTurn>(path: readonly T[]): T | undefined {
  let at = path.length - 1;
  for (; at > 0; at--) {
    const [before, turn] = [path[at - 1]!, path[at]!];
    const inRound = turn.role === 'tool' || before.role === 'tool' || before.toolCalls;
    if (before.role === 'user' || !inRound) break;
  }
  return path[at];
}
