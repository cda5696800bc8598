import type { Format } from '#core/engine';
import { Xoshiro128 } from '#core/random';
import { largeVocabulary } from '../../../tests/fixtures/large-vocabulary';
import { Grammars } from '../../../workers/runner/grammar/grammars';
import { TokenTree } from '../../../workers/runner/grammar/token-tree';
import { FORMATS } from './formats';

/** Times in milliseconds; memory is what stays while the grammar does. */
interface Cost {
  name: string;
  /** The grammar, with the mask of the first token. */
  first: number;
  median: number;
  p99: number;
  largest: number;
  /** Masks that were made. */
  tokens: number;
  megabytes: number;
  /** What ended it. */
  fault?: string;
}

export function measureGrammars(tokens: number, seeds: number) {
  const vocabulary = largeVocabulary();
  const before = heap();
  const started = performance.now();
  const tree = new TokenTree(vocabulary);
  const ms = round(performance.now() - started);
  const megabytes = round(heap() - before);
  const grammars = new Grammars(vocabulary);
  // Its own tree, once.
  grammars.constraint('json', undefined, false);
  return {
    tree: { tokens: tree.vocabulary, ms, megabytes },
    formats: FORMATS.map(([name, format]) => measure(grammars, name, format, tokens, seeds)),
  };

  function measure(
    grammars: Grammars,
    name: string,
    format: Format,
    most: number,
    seeds: number,
  ): Cost {
    const before = heap();
    const times: number[] = [];
    let first = 0;
    let fault: string | undefined;
    try {
      for (let seed = 1; seed <= seeds; seed++) {
        const random = Xoshiro128.of(seed);
        const began = performance.now();
        const constraint = grammars.constraint(format, undefined, false);
        if (seed === 1) first = performance.now() - began;
        const plain = new Float32Array(vocabulary.vocabulary);
        for (let count = 0; count < most && !constraint.complete; count++) {
          const logits = plain.slice();
          const since = performance.now();
          constraint.restrict(logits);
          times.push(performance.now() - since);
          constraint.accept(anyOf(logits, random));
        }
      }
    } catch (error) {
      fault = (error as Error).message;
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => round(times[Math.floor((times.length - 1) * share)] ?? 0);
    return {
      ...{ name, first: round(first), median: at(0.5), p99: at(0.99), largest: at(1) },
      ...{ tokens: times.length, megabytes: round(heap() - before), ...(fault && { fault }) },
    };
  }
}

/** One of those that are left; what ends a text only where nothing else is. */
function anyOf(logits: Float32Array, random: Xoshiro128): number {
  const left: number[] = [];
  logits.forEach((logit, token) => {
    if (logit > -Infinity) left.push(token);
  });
  return left[Math.floor(random.uniform() * left.length)]!;
}

/** Megabytes. */
function heap(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
