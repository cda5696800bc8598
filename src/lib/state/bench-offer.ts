/** Of what can be measured of a model: what belongs together, and what is measured unless somebody chooses. */
import type { OfferedCandidate } from '#core/bench/events';
import type { Candidate } from '#core/bench/run';
import type { EngineChoice } from '#core/paddock-api';

/** One engine on one backend, by its threads. */
export interface OfferGroup {
  key: string;
  engine: Candidate['engine'];
  backend: Candidate['backend'];
  /** Fewest threads first; 0, the engine's own choice, before them. */
  offers: OfferedCandidate[];
  /** Why none of them can be measured. */
  refused?: string;
}

export function candidateKey({ model, engine, backend, threads }: Candidate): string {
  return JSON.stringify([model, engine, backend, threads]);
}

/** In the order of their first candidate, those that cannot be measured last. */
export function groupOffers(offers: readonly OfferedCandidate[]): OfferGroup[] {
  const groups = new Map<string, OfferGroup>();
  for (const offer of offers) {
    const { engine, backend } = offer;
    const key = `${engine} ${backend}`;
    const group = groups.get(key) ?? { key, engine, backend, offers: [] };
    group.offers.push(offer);
    groups.set(key, group);
  }
  const all = [...groups.values()].map((group): OfferGroup => {
    const sorted = group.offers.toSorted((a, b) => a.threads - b.threads);
    const usable = sorted.some(({ refused }) => refused === undefined);
    return { ...group, offers: sorted, ...(usable ? {} : { refused: sorted[0]?.refused ?? '' }) };
  });
  const isOpen = ({ refused }: OfferGroup) => refused === undefined;
  return [...all.filter(isOpen), ...all.filter((group) => !isOpen(group))];
}

/**
 * The engine that would run the model, and the first other, each with the threads of chats, or with the most. The other
 * one is on the CPU where there is one: an adapter that was not chosen is a slow one.
 */
export function defaultOffers(
  offers: readonly OfferedCandidate[],
  choice: EngineChoice,
): OfferedCandidate[] {
  const usable = groupOffers(offers).filter(({ refused }) => refused === undefined);
  const isChosen = (group: OfferGroup) =>
    group.engine === choice.engine && choice.engine !== null && group.backend === choice.backend;
  const own = usable.find(isChosen);
  const others = usable.filter((group) => !isChosen(group));
  const other = others.find(({ backend }) => backend === 'wasm') ?? others[0];
  return [own, other].flatMap((group) => {
    const open = group?.offers.filter(({ refused }) => refused === undefined) ?? [];
    const asInChats = open.find(({ usual, threads }) => usual || threads === 0);
    return asInChats ?? open.at(-1) ?? [];
  });
}
