import { isErrorCode } from '#core/error-codes';
import { errorOfLine } from '#core/error-line';
import { toWire, type ErrorCode, type WireError } from '#core/errors';
import { recordedFetch, type Exchange } from '$lib/client/recorded-fetch';
import { siteUrl } from '$lib/client/site';

/** What a run hands to what it runs. */
export interface Tools {
  fetch: typeof fetch;
  print(text: string): void;
}

/** Milliseconds between two looks at what has come: a reply has hundreds of pieces a second. */
const LOOK_MS = 50;

/** One run of an example: what it sent, what came, what it printed, and how it ended. */
export class ExampleRun {
  #state = $state<'running' | 'done' | 'stopped' | 'failed'>('running');
  #exchanges = $state.raw<readonly Exchange[]>([]);
  #text = $state('');
  #error = $state.raw<WireError | null>(null);
  #ms = $state<number | null>(null);
  readonly #began = performance.now();
  readonly #stopping = new AbortController();
  readonly #recorded: Exchange[] = [];
  #printed = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `load` gives what is run, once its code is here. */
  constructor(load: () => Promise<(tools: Tools) => Promise<void>>) {
    void this.#run(load);
  }

  get state() {
    return this.#state;
  }

  /** In the order of sending. */
  get exchanges() {
    return this.#exchanges;
  }

  /** What it has printed. */
  get text() {
    return this.#text;
  }

  /** Why it failed. */
  get error() {
    return this.#error;
  }

  /** Milliseconds that it took; null while it runs. */
  get ms() {
    return this.#ms;
  }

  stop(): void {
    this.#end('stopped');
    this.#stopping.abort(new DOMException('The request was stopped.', 'AbortError'));
  }

  async #run(load: () => Promise<(tools: Tools) => Promise<void>>): Promise<void> {
    const changed = (exchange: Exchange) => {
      if (!this.#recorded.includes(exchange)) this.#recorded.push(exchange);
      this.#lookSoon();
    };
    const { signal } = this.#stopping;
    const send: typeof fetch = (input, init) => fetch(input, init);
    try {
      const run = await load();
      if (signal.aborted) return;
      await run({
        fetch: recordedFetch(send, { site: siteUrl(), signal, changed }),
        print: (text) => {
          this.#printed += text;
          this.#lookSoon();
        },
      });
      this.#end('done');
    } catch (error) {
      if (!signal.aborted) this.#end('failed', failureOf(error, this.#recorded));
    }
  }

  #end(state: 'done' | 'stopped' | 'failed', error: WireError | null = null): void {
    if (this.#state !== 'running') return; // stopped: how it ends was not asked for
    this.#state = state;
    this.#error = error;
    this.#ms = performance.now() - this.#began;
    this.#look();
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#exchanges = this.#recorded.map((exchange) => ({ ...exchange }));
    this.#text = this.#printed;
  }
}

/** OpenAI's types of errors, which carry no code of ours. */
const CODES: Partial<Record<string, ErrorCode>> = {
  invalid_request_error: 'bad_request',
  not_found_error: 'model_not_found',
};

/** The error that the API answered, which the packages keep the sentence of; else what was thrown. */
export function failureOf(thrown: unknown, exchanges: readonly Exchange[]): WireError {
  const lines = exchanges.at(-1)?.answer.trimEnd().split('\n') ?? [];
  const told = lines.map(errorOfLine).findLast((body) => body !== null);
  // An example reads JSON in one place: the text of a reply that was to have a format.
  if (!told && thrown instanceof SyntaxError) {
    return { code: 'not_json', message: thrown.message };
  }
  if (!told) return toWire(thrown);
  const { error, code, detail } = told;
  const known = isErrorCode(code) ? code : undefined;
  if (typeof error === 'string') return { code: known ?? 'internal', message: error, detail };
  return { code: known ?? CODES[error.type ?? ''] ?? 'internal', message: error.message, detail };
}
