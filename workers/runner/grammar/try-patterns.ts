/** Patterns that can be read in ever more ways the longer a text is: found before a reply begins, not in its middle. */
import type { Format } from '#core/engine';
import { PaddockError } from '#core/errors';
import { badSchema } from '#core/grammar/faults';
import { quoted } from '#core/grammar/json';
import { matching } from '#core/grammar/pattern';
import { Machine } from './machine';
import type { TokenTree } from './token-tree';

/** States that are gone through: those of usual patterns are fewer. */
const STATES = 600;
/** Ways that are gone through, in some 0.2 s: where they grow with each state, enough to tell. */
const WORK = 1_000_000;
/** Ways with which a mask can be made all the same. */
const FEW = 100;

/** @throws PaddockError `bad_request` for a pattern that a reply could not be held to at its worst */
export function tryPatterns(format: Format, tree: TokenTree): void {
  if (format === 'json') return;
  for (const pattern of patternsOf(format)) {
    let machine: Machine;
    try {
      machine = new Machine({ root: quoted(matching(pattern, '#')), rules: new Map() });
    } catch (error) {
      // A text in a value that is no pattern: the format's own grammar has been made already.
      if (error instanceof PaddockError) continue;
      throw error;
    }
    if (!canFollow(machine, tree)) {
      const shown = JSON.stringify(pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern);
      throw badSchema(
        `the pattern ${shown} can be read in too many ways at once in a long text: make it and its counts simpler`,
      );
    }
  }
}

/** Whether a mask can be made where most ways are open, of the states that a walk towards them comes to. */
function canFollow(machine: Machine, tree: TokenTree): boolean {
  try {
    const widest = widestOf(machine);
    if (machine.ways(widest) <= FEW) return true;
    tree.allowed(machine, widest);
    return true;
  } catch (error) {
    if (error instanceof PaddockError && error.code === 'bad_request') return false;
    throw error;
  }
}

/** Goes on where most ways are open, each time. */
function widestOf(machine: Machine): number {
  const seen = new Set([machine.start]);
  const waiting = [machine.start];
  let widest = machine.start;
  machine.rest();
  for (let tried = 0; tried < STATES && waiting.length > 0 && machine.work < WORK; tried++) {
    let best = 0;
    for (let at = 1; at < waiting.length; at++) {
      if (machine.ways(waiting[at]!) > machine.ways(waiting[best]!)) best = at;
    }
    for (const state of machine.after(waiting.splice(best, 1)[0]!)) {
      if (seen.has(state)) continue;
      seen.add(state);
      waiting.push(state);
      if (machine.ways(state) > machine.ways(widest)) widest = state;
    }
  }
  return widest;
}

/** Every text that is called a pattern in it. */
function patternsOf(schema: unknown): ReadonlySet<string> {
  const patterns = new Set<string>();
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries(next) as [string, unknown][]) {
      if (key === 'pattern' && typeof value === 'string') patterns.add(value);
      else if (value !== undefined) waiting.push(value);
    }
  }
  return patterns;
}
