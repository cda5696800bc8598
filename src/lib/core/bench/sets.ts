/** The sets of tests that a run can be made of, and what llama-bench calls a test. */
import type { BenchSetName, BenchTest } from '#core/bench/run';

export interface BenchSet {
  name: BenchSetName;
  tests: BenchTest[];
  repetitions: number;
  /**
   * Milliseconds of loads, warm-ups and repetitions behind which a candidate has no test's second repetition any more;
   * absent: it has all. The comparison of answers comes on top.
   */
  candidateMs?: number;
}

/** The short prompt whose time to the first token is shown beside the set's own. */
export const SHORT_PROMPT: BenchTest = { kind: 'pp', tokens: 16, depth: 0 };

/** The message of Ollama's run, which people publish figures of. */
export const OLLAMA_MESSAGE = 'explain quantum entanglement';

/** Tokens; a small model that repeats itself would go on for ever. Published replies have 150 to 600. */
const OLLAMA_MOST = 512;

/** What a chat's template puts around one message, at most, in tokens. */
const TEMPLATE_ROOM = 128;

const pp = (tokens: number, depth = 0): BenchTest => ({ kind: 'pp', tokens, depth });
const tg = (tokens: number, depth = 0): BenchTest => ({ kind: 'tg', tokens, depth });

/** In the order in which they are offered; the first is the usual one. */
export const BENCH_SETS: readonly BenchSet[] = [
  {
    name: 'quick',
    tests: [SHORT_PROMPT, pp(128), tg(32)],
    repetitions: 3,
    candidateMs: 60_000,
  },
  {
    name: 'standard',
    tests: [SHORT_PROMPT, pp(512), tg(128)],
    repetitions: 5,
  },
  {
    name: 'depth',
    tests: [0, 4096, 16_384].flatMap((depth) => [pp(512, depth), tg(128, depth)]),
    repetitions: 3,
  },
  {
    name: 'ollama',
    tests: [{ kind: 'chat', tokens: OLLAMA_MOST, depth: 0 }],
    repetitions: 3,
  },
];

/** The set of that name. */
export function benchSet(name: BenchSetName): BenchSet {
  return BENCH_SETS.find((set) => set.name === name)!;
}

/** `pp512`, `tg128 @ d4096` as llama-bench writes them, or `chat`. */
export function testName({ kind, tokens, depth }: BenchTest): string {
  if (kind === 'chat') return 'chat';
  return `${kind}${tokens}${depth > 0 ? ` @ d${depth}` : ''}`;
}

/** Whether both measure the same. */
export function sameTest(a: BenchTest, b: BenchTest): boolean {
  return a.kind === b.kind && a.tokens === b.tokens && a.depth === b.depth;
}

/** Tokens of the prompt of one repetition, those of the depth too; null for a chat, whose template decides. */
export function promptLength({ kind, tokens, depth }: BenchTest): number | null {
  if (kind === 'chat') return null;
  return depth + (kind === 'pp' ? tokens : 1);
}

/**
 * Tokens to generate in one repetition: one that ends a prompt's reading; one more than are timed where writing is,
 * since the first is the prompt's. In a chat: at most.
 */
export function tokensToGenerate({ kind, tokens }: BenchTest): number {
  if (kind === 'pp') return 1;
  return kind === 'tg' ? tokens + 1 : tokens;
}

/** Tokens of context that one repetition takes. */
export function contextNeeded(test: BenchTest): number {
  return (promptLength(test) ?? TEMPLATE_ROOM) + tokensToGenerate(test);
}
