/** Words for the sets of tests, and for what a test does. */
import * as m from '#core/messages/bench';
import type { BenchRun, BenchSetName, BenchTest } from '#core/bench/run';
import { OLLAMA_MESSAGE, testName } from '#core/bench/sets';
import { formatTokens } from '#core/format-words';

interface SetWords {
  title: () => string;
  /** For whom it is, in a sentence. */
  about: () => string;
}

const SETS: Record<BenchSetName, SetWords> = {
  quick: { title: m.bench_set_quick, about: m.bench_set_quick_about },
  standard: { title: m.bench_set_standard, about: m.bench_set_standard_about },
  depth: { title: m.bench_set_depth, about: m.bench_set_depth_about },
  ollama: {
    title: m.bench_set_ollama,
    about: () => m.bench_set_ollama_about({ message: OLLAMA_MESSAGE }),
  },
};

/** What the set is called; of tests of somebody's own, that. */
export function setTitle(name: BenchRun['set']): string {
  return name === 'custom' ? m.bench_set_own_tests() : SETS[name].title();
}

/** For whom the set is, in a sentence. */
export function setAbout(name: BenchSetName): string {
  return SETS[name].about();
}

/** `pp512: reads a prompt of 512 tokens`, `tg128 @ d4096: writes 128 tokens, behind 4,096 tokens`. */
export function testTitle(asked: BenchTest): string {
  const test = testName(asked);
  if (asked.kind === 'chat') return m.bench_test_answers({ test, message: OLLAMA_MESSAGE });
  const tokens = formatTokens(asked.tokens);
  const reads = asked.kind === 'pp';
  if (asked.depth === 0) {
    return reads ? m.bench_test_reads({ test, tokens }) : m.bench_test_writes({ test, tokens });
  }
  const said = { test, tokens, depth: formatTokens(asked.depth) };
  return reads ? m.bench_test_reads_behind(said) : m.bench_test_writes_behind(said);
}
