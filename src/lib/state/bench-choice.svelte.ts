import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { BenchRequest, OfferedCandidate } from '#core/bench/events';
import type { BenchSetName, BenchTest, Candidate } from '#core/bench/run';
import { SHORT_PROMPT } from '#core/bench/sets';
import { toWire, type WireError } from '#core/errors';
import type { EngineChoice } from '#core/paddock-api';
import { offeredCandidates } from '$lib/client/bench';
import { candidateKey, defaultOffers } from './bench-offer';

export type Offer =
  | { state: 'asking' }
  | { state: 'there'; offers: OfferedCandidate[] }
  | { state: 'failed'; error: WireError };

/** What a person has chosen to measure; it stays while other pages are shown. */
class BenchChoice {
  set = $state<BenchSetName | 'custom'>('quick');
  /** Tokens of the custom set's prompt and reply, and how often. */
  prompt = $state(128);
  reply = $state(32);
  repetitions = $state(3);
  /** Whether the answers are compared with the reference's. */
  verify = $state(true);
  readonly offers = new SvelteMap<string, Offer>();
  readonly #models = new SvelteSet<string>();
  readonly #candidates = new SvelteSet<string>();

  /** In the order of choosing. */
  get models(): string[] {
    return [...this.#models];
  }

  /** What is chosen of the chosen models. */
  get candidates(): Candidate[] {
    return this.models.flatMap((model) => {
      const offer = this.offers.get(model);
      if (offer?.state !== 'there') return [];
      return offer.offers
        .filter((one) => this.#candidates.has(candidateKey(one)) && one.refused === undefined)
        .map(({ model, engine, backend, threads }) => ({ model, engine, backend, threads }));
    });
  }

  /** What the host is asked; null while there is nothing to measure. */
  get request(): BenchRequest | null {
    const { candidates, set, verify } = this;
    if (candidates.length === 0) return null;
    if (set !== 'custom') return { candidates, set, verify };
    const tests = ownTests(this.prompt, this.reply);
    return { candidates, tests, repetitions: this.repetitions, verify };
  }

  has(candidate: Candidate): boolean {
    return this.#candidates.has(candidateKey(candidate));
  }

  toggle(candidate: Candidate) {
    const key = candidateKey(candidate);
    if (!this.#candidates.delete(key)) this.#candidates.add(key);
  }

  /** Takes the model in, with the candidates that go without saying; `choice`: what would run it. */
  async add(model: string, choice: EngineChoice): Promise<void> {
    this.#models.add(model);
    if (this.offers.get(model)?.state === 'there') return;
    this.offers.set(model, { state: 'asking' });
    try {
      const offers = await offeredCandidates(model);
      this.offers.set(model, { state: 'there', offers });
      defaultOffers(offers, choice).forEach((one) => this.#candidates.add(candidateKey(one)));
    } catch (error) {
      this.offers.set(model, { state: 'failed', error: toWire(error) });
    }
  }

  remove(model: string) {
    this.#models.delete(model);
  }

  /** Forgets models that are not among `installed`. */
  keepOnly(installed: readonly string[]) {
    for (const model of [...this.#models, ...this.offers.keys()]) {
      if (installed.includes(model)) continue;
      this.#models.delete(model);
      this.offers.delete(model);
    }
  }
}

/** Of lengths that somebody chose; the short prompt is there for its first token. */
export function ownTests(prompt: number, reply: number): BenchTest[] {
  const own: BenchTest[] = [
    { kind: 'pp', tokens: prompt, depth: 0 },
    { kind: 'tg', tokens: reply, depth: 0 },
  ];
  return prompt === SHORT_PROMPT.tokens ? own : [SHORT_PROMPT, ...own];
}

export const benchChoice = new BenchChoice();
