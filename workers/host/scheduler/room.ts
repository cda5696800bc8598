/** Which loaded models have to go before another loads. */
import type { LoadedRunner } from './loaded-runner';
import { short, taken, type MemoryBudget, type MemoryNeed } from './memory-budget';

/** Ollama's OLLAMA_MAX_LOADED_MODELS for one adapter, or none. */
const MAX_LOADED = 3;

/** Of `loaded` those of which one has to go for what takes `next`; empty: there is room. */
export function inTheWay(
  loaded: readonly LoadedRunner[],
  next: MemoryNeed,
  budget: MemoryBudget,
): LoadedRunner[] {
  if (loaded.length >= MAX_LOADED) return [...loaded];
  return overBudget(loaded, next, budget);
}

/** Of `loaded` those whose end would help where they and `next` take too much. */
export function overBudget(
  loaded: readonly LoadedRunner[],
  next: MemoryNeed,
  budget: MemoryBudget,
): LoadedRunner[] {
  const needs = loaded.map(({ info }) => taken(info));
  const helps = short(budget, needs, next);
  return helps ? loaded.filter((_, at) => helps(needs[at]!)) : [];
}

/** Ollama's order of leaving: the shortest session first, then by name. */
export function leavingOrder(loaded: readonly LoadedRunner[]): LoadedRunner[] {
  return [...loaded].sort((a, b) =>
    a.keepAliveMs === b.keepAliveMs ? byName(a, b) : a.keepAliveMs - b.keepAliveMs,
  );
}

function byName(a: LoadedRunner, b: LoadedRunner): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
