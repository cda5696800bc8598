/**
 * The starter beside the float64 reference and beside wllama, on texts whose answers are in fixtures (their
 * scripts: `scripts/fixtures/starter-reference.ts` and `wllama-reference.ts`). Aims of the engine's design.
 */
import { beforeAll, expect, it } from 'vitest';
import {
  divergence,
  largest,
  logSoftmax,
  perplexity,
  type StarterReference,
  type StarterWllama,
} from '../fixtures/reference/starter';
import referenceFile from '../fixtures/starter-reference.json';
import wllamaFile from '../fixtures/starter-wllama.json';
import { logitsOf } from './paddock-logits';

const reference: StarterReference = referenceFile;
const wllama = wllamaFile as StarterWllama;

/** Logits by which two tokens are a near-tie: what rounding of the activations moves. */
const NEAR = 0.25;

let weights: Blob;
/** After each token of the reference's text, for two tests. */
let logits: Float32Array[];
beforeAll(async () => {
  weights = await (await fetch('/starter.gguf')).blob();
  logits = await logitsOf(weights, reference.tokens, { chunk: 64, threads: 2 });
}, 120_000);

it('has distributions as near to the reference as wllama’s', () => {
  const ours = reference.top.map(({ tokens: candidates }, at) => {
    const logs = logSoftmax(logits[at]!);
    return candidates.map((id) => logs[id]!);
  });
  const measure = (engine: (number | null)[][]) => {
    const each = reference.top.map((top, at) => divergence(top, engine[at]!));
    const differences = reference.top.flatMap(({ logProbabilities }, at) =>
      logProbabilities.map((value, n) => Math.abs(value - (engine[at]![n] ?? value))),
    );
    return {
      mean: each.reduce((a, b) => a + b, 0) / each.length,
      worst: Math.max(...differences),
    };
  };
  const [mine, theirs] = [measure(ours), measure(wllama.top)];
  const show = ({ mean, worst }: typeof mine) => `mean ${mean.toExponential(2)}, largest ${worst}`;
  console.log(`KL against the reference: ours ${show(mine)}; wllama ${show(theirs)}`);
  expect(mine.mean).toBeLessThan(theirs.mean * 1.05);
  expect(mine.worst).toBeLessThan(theirs.worst * 1.5);
});

it('agrees with wllama’s own text but for near-ties', { timeout: 120_000 }, async () => {
  const { prompt, tokens, first, second, gap } = wllama.greedy;
  const greedy = await logitsOf(weights, [...prompt, ...tokens], { chunk: 64, threads: 2 });
  const misses = tokens.flatMap((_, at) => {
    const here = greedy[prompt.length - 1 + at]!;
    const best = largest(here, 1)[0]!;
    if (best === first[at]) return [];
    const ours = here[best]! - here[first[at]!]!;
    const theirs = best === second[at] ? gap[at]! : Infinity;
    return [{ at, ours, theirs }];
  });
  console.log(`${misses.length} of ${tokens.length} differ: ${JSON.stringify(misses)}`);
  expect(misses.length / tokens.length).toBeLessThanOrEqual(0.06);
  // At 76 and 117 it is 0.34 and 0.32 in ours and 0.002 and 0.03 in wllama's; float64 chooses as ours does.
  for (const { at, ours, theirs } of misses) {
    expect(Math.min(ours, theirs), `token ${at}`).toBeLessThanOrEqual(NEAR);
  }
});

it('has wllama’s perplexity on a fixed text', () => {
  const next = reference.tokens.slice(1).map((id, at) => logSoftmax(logits[at]!)[id]!);
  const [mine, theirs, exact] = [next, wllama.next, reference.next].map(perplexity);
  console.log(`perplexity: ours ${mine}, wllama ${theirs}, reference ${exact}`);
  expect(Math.abs(mine! / theirs! - 1)).toBeLessThan(0.005);
});
