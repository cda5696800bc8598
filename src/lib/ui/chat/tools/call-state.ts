import type { Call } from '#core/tools/calls';
import { resultOf } from '#core/tools/round';
import type { ToolCallRecord } from '$lib/storage/records';
import type { Turn } from '$lib/state/turn.svelte';

/** `asked`: a person is asked; `later`: after those before it. */
export type CallState =
  | ('asked' | 'later' | 'running' | 'elsewhere' | 'cut')
  | ('done' | 'failed' | 'refused' | 'stopped');

interface Place {
  turn: Turn;
  results: readonly Turn[];
  /** Nothing follows the round. */
  last: boolean;
  /** Calls are at work in this tab. */
  active: boolean;
  /** Whether a result of this id is being made in this tab. */
  isOwn: (id: string) => boolean;
}

/** How each call of a message stands, in their order: at most one of them asks. */
export function callStates(calls: readonly ToolCallRecord[], place: Place): CallState[] {
  const open = calls.findIndex((call) => isOpen(call, place.results));
  return calls.map((call, at) => stateOf(call, at === open, place));
}

function isOpen(call: Call, results: readonly Turn[]): boolean {
  const state = resultOf(results, call)?.state;
  return state === undefined || state === 'cut';
}

function stateOf(call: ToolCallRecord, first: boolean, place: Place): CallState {
  const { turn, results, last, active, isOwn } = place;
  const result = resultOf(results, call);
  if (result?.state === 'streaming') return isOwn(result.id) ? 'running' : 'elsewhere';
  if (result && result.state !== 'cut') {
    if (result.state !== 'done') return result.state;
    return call.answer === 'refused' ? 'refused' : 'done';
  }
  if (turn.state === 'streaming') return 'later';
  if (turn.state !== 'done' || !last) return 'stopped';
  if (!first || active) return 'later';
  return result || call.answer === 'allowed' ? 'cut' : 'asked';
}

/** Whole sentences and words, as the card has them. */
export const STATE_WORDS: Record<CallState, string> = {
  asked: 'Waits for your answer',
  later: 'Waits',
  running: 'Running',
  elsewhere: 'Running in another tab',
  cut: 'Cut off before it ended',
  done: 'Done',
  failed: 'Failed',
  refused: 'Refused',
  stopped: 'Stopped',
};
