/** What the fake engine writes. A scenario yields pieces of text; it may also throw, hang or end its worker. */
import type { DeltaChunk, EngineInfo, PromptChunk } from '#core/engine';
import { PaddockError } from '#core/errors';
import { Xoshiro128 } from '#core/random';

export interface ScenarioInput {
  /** The last user message, its first word included. */
  text: string;
  /** What the assistant has written already: Continue goes on from there. */
  written: string;
  /** What comes behind the reply; '' where it is no gap that is filled. */
  suffix: string;
  /** False: it was told not to. */
  thinks: boolean;
  /** Names of those that it may call. */
  tools: readonly string[];
  /** Messages that called some since the last user message, and what came back. */
  rounds: number;
  results: readonly string[];
  /** Below 0: another one each time. */
  seed: number;
  signal: AbortSignal;
  info: EngineInfo;
  onDeath(reason: string): void;
}

/** Beside its text. */
export type Said = Pick<DeltaChunk, 'thinking' | 'toolCalls'>;

type Scenario = (input: ScenarioInput) => AsyncGenerator<string | Said | PromptChunk, void, void>;

const SAMPLE = `# Heading

A paragraph with **bold**, \`code\` and a [link](https://example.com/page).

- one
- two

| a | b |
|---|---|
| 1 | 2 |

\`\`\`js
console.log("hello");
\`\`\`
`;

const RICH_SAMPLE = `## Step

The error $e_{n+1}$ is \\(\\frac{f''}{2 f'} e_n^2\\), so $$x_{n+1} = x_n - \\frac{f(x_n)}{f'(x_n)}$$

\`\`\`python
@cache
def newton(f, df, x: float, eps=1e-9) -> float:
    """Follows the tangent."""
    while abs(f(x)) > eps:  # until it is close
        x -= f(x) / df(x)
    return x
\`\`\`

`;

/** Resolves after `ms`, or rejects as soon as `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

export function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function payload(text: string): string {
  return text.replace(/^\S+\s?/, '');
}

/** Numbered words, `rate` a second, `total` of them; Continue counts on from what is written. */
async function* counting(input: ScenarioInput, rate: number, total: number) {
  const start = (input.written.match(/w\d+/g) ?? []).length;
  const begun = performance.now();
  for (let n = start; n < total; n++) {
    const due = begun + ((n - start) * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 4) await pause(wait, input.signal);
    yield `w${n} `;
  }
}

/** 50 kB of mixed Markdown at 200 tokens (of 4 characters) a second. */
async function* long({ signal }: ScenarioInput, sample: string) {
  const text = sample.repeat(Math.ceil(50_000 / sample.length)).slice(0, 50_000);
  const begun = performance.now();
  for (let at = 0; at < text.length; at += 4) {
    const wait = begun + (at / 4) * 5 - performance.now();
    if (wait > 4) await pause(wait, signal);
    yield text.slice(at, at + 4);
  }
}

const scenarios: Record<string, Scenario> = {
  /** One piece. */
  async *'/say'({ text }) {
    yield payload(text);
  },
  /** The same, character by character. */
  async *'/bytes'({ text }) {
    for (const character of payload(text)) yield character;
  },
  /** `/think THOUGHT | ANSWER`: thinks first, unless it was told not to. */
  async *'/think'({ text, thinks }) {
    const [thought = '', answer = ''] = payload(text).split(' | ');
    if (thinks) for (const thinking of words(thought)) yield { thinking };
    for (const word of words(answer)) yield word;
  },
  /** `/call NAME {…}`, a line each: calls those that were offered; what is not one of them stays text. */
  async *'/call'({ text, tools }) {
    for (const [at, line] of payload(text).split('\n').entries()) {
      const [name = '', given = '{}'] = line.split(/ (.*)/s);
      const args = JSON.parse(given) as Record<string, unknown>;
      if (!tools.includes(name)) yield line;
      else
        yield { toolCalls: [{ id: `call_${String(at).padStart(8, '0')}`, name, arguments: args }] };
    }
  },
  /** `/use NAME {…}`, a round of calls each line, ` && ` between those of one; then says what came back. */
  async *'/use'({ text, rounds, results }) {
    const round = payload(text).split('\n')[rounds];
    if (round === undefined) return yield `The results: ${results.join(' | ')}`;
    for (const [at, call] of round.split(' && ').entries()) {
      const [name = '', given = '{}'] = call.split(/ (.*)/s);
      const args = JSON.parse(given) as Record<string, unknown>;
      yield { toolCalls: [{ id: `call_${rounds}${at}`, name, arguments: args }] };
    }
  },
  /** Eight words that follow from the seed. */
  async *'/random'({ seed }) {
    const random = seed < 0 ? Xoshiro128.unseeded() : Xoshiro128.of(seed);
    for (let n = 0; n < 8; n++) yield `r${random.next()} `;
  },
  async *'/markdown'() {
    for (const word of words(SAMPLE)) yield word;
  },
  '/long': (input) => long(input, SAMPLE),
  /** The same of formulas and code. */
  '/long-rich': (input) => long(input, RICH_SAMPLE),
  /** Twenty words a second for five minutes. */
  '/slow': (input) => counting(input, 20, 6000),
  /** A sentence every quarter of a second for five minutes. */
  async *'/sentences'({ signal }) {
    for (let n = 0; n < 1200; n++) {
      await pause(250, signal);
      yield `This is sentence ${n}. `;
    }
  },
  /** Five hundred pieces as fast as they can be sent. */
  '/fast': (input) => counting(input, Infinity, 500),
  /** `/count RATE TOTAL`: so many numbered words a second, so many in all. */
  '/count': (input) => {
    const [rate = 1, total = 1] = payload(input.text).split(' ').map(Number);
    return counting(input, rate, total);
  },
  /** Two hundred pieces of 64 kB as fast as they are taken, each begins with the time at which it was made. */
  async *'/flood'() {
    for (let n = 0; n < 200; n++) {
      const made = `${performance.timeOrigin + performance.now()} `;
      yield made.padEnd(65_536, '.');
    }
  },
  /** A hundred pieces a second for two seconds, each the time at which it was made (ms since the epoch). */
  async *'/stamp'({ signal }) {
    for (let n = 0; n < 200; n++) {
      await pause(10, signal);
      yield `${performance.timeOrigin + performance.now()} `;
    }
  },
  /** Fails after a few words; what follows the name is the reason. */
  async *'/error'({ text }) {
    yield 'This breaks ';
    yield 'here: ';
    const reason = payload(text) || 'The engine failed, as the scenario asks.';
    throw new PaddockError('engine_failed', reason);
  },
  /** Fails after so many milliseconds, before the first word. */
  async *'/error-after'({ text, signal }) {
    yield* [];
    await pause(Number(payload(text)), signal);
    throw new PaddockError('engine_failed', 'The engine failed late, as the scenario asks.');
  },
  /** The worker ends in the middle of the reply. */
  async *'/crash'({ signal, onDeath }) {
    yield 'These are my ';
    yield 'last words ';
    onDeath('scenario');
    await pause(600_000, signal);
  },
  /** Reads a part of a long prompt; then says what follows the name, or nothing until it is stopped. */
  async *'/read'({ text, signal }) {
    yield { type: 'prompt', evaluated: 1216, total: 6030 };
    if (!payload(text)) await pause(600_000, signal);
    yield payload(text);
  },
  /** Says nothing until it is stopped. */
  async *'/hang'({ signal }) {
    await pause(600_000, signal);
    yield '';
  },
  async *'/overflow'({ info }) {
    yield* [];
    throw new PaddockError('context_exceeded', 'The prompt is longer than the context.', {
      promptTokens: 5120,
      contextLength: info.contextLength,
    });
  },
  /** `/memory TOKENS WRITTEN`: runs out of memory with a larger context (absent: any), after so many words. */
  async *'/memory'(input) {
    const [most = 0, before = 0] = payload(input.text).split(' ').map(Number);
    if (input.info.contextLength <= most) return yield* echo(input);
    for (let n = 0; n < before; n++) yield `m${n} `;
    throw new PaddockError('out_of_memory', 'The engine ran out of memory.');
  },
  /** `/twin NAME`: does not run on the adapter, and names a model that runs without. */
  async *'/twin'(input) {
    if (input.info.backend === 'wasm') return yield* echo(input);
    const detail = { missing: 'shader-f16', twin: payload(input.text) };
    throw new PaddockError('no_gpu', 'The adapter has no shader-f16.', detail);
  },
  /** `/lose TIMES`: loses its device after four words of twelve, so many times (once), if it is on one. */
  async *'/lose'({ text, written, info }) {
    const start = (written.match(/w\d+/g) ?? []).length;
    const times = Number(payload(text) || 1);
    const end = info.backend === 'webgpu' && start < 4 * times ? start + 4 : 12;
    for (let n = start; n < end; n++) yield `w${n} `;
    if (end < 12) throw new PaddockError('device_lost', 'The device was destroyed.');
  },
};

/** Without a scenario's name the text comes back. */
async function* echo({ text, written, suffix }: ScenarioInput) {
  const said = suffix ? `between ${text} and ${suffix}` : `You said: ${text}`;
  for (const word of words(said.slice(written.length))) yield word;
}

export function scenarioFor(text: string): Scenario {
  return scenarios[text.split(/\s/, 1)[0] ?? ''] ?? echo;
}
