import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { postJson } from '$lib/client/ask-host';
import { fenced } from '#core/attachments/fence';
import { estimateTokens, IMAGE_TOKENS } from '#core/attachments/estimate';
import { isAbort } from '#core/errors';
import type { CountAnswer, CountedPrompt } from '#core/paddock-api';
import { openOllama } from '$lib/client/ollama';
import type { AttachmentRecord } from '$lib/storage/records';
import { attachments } from './attachments.svelte';
import type { Chat } from './chat.svelte';
import { chatRequest } from './chat-request';
import { pastOf, type HistoryMessage } from './history';
import { models } from './models.svelte';

/** A pause in typing. */
const AFTER_MS = 300;

interface Tokens {
  count: number;
  exact: boolean;
}

/** How full the context of one chat is, with what is written and not sent. */
export class Gauge {
  readonly #chat: Chat;
  /** What was written when this began: a model is loaded for what is typed, not for what is found. */
  readonly #found: string;
  #counted = $state.raw<CountedPrompt | null>(null);
  /** Of a file alone, by model and id. */
  readonly #files = new SvelteMap<string, number>();
  #model = $state('');
  #warmed = '';
  /** Ends the load that typing began. */
  #warming = new AbortController();

  constructor(chat: Chat) {
    this.#chat = chat;
    this.#found = untrack(() => chat.draft);
  }

  /** As the host counted; null: it is not known, and `used` is an estimate. */
  get counted(): CountedPrompt | null {
    return this.#counted;
  }

  /** Tokens of all. */
  get used(): Tokens {
    if (this.#counted) return { count: this.#counted.prompt_eval_count, exact: true };
    const texts = this.#history.map(({ content }) => content);
    const files = this.#history.flatMap((message) => message.files ?? []);
    const counts = attachments.of(files).map((record) => this.fileTokens(record).count);
    const system = this.#chat.setup.system ?? '';
    const sum = [...counts, ...[system, ...texts].map(estimateTokens)];
    return { count: sum.reduce((all, count) => all + count, 0), exact: false };
  }

  /** Tokens that the context holds; undefined: the model is not loaded, and nobody chose. */
  get holds(): number | undefined {
    const chosen = this.#chat.setup.options?.num_ctx;
    const loaded = models.infoOf(this.#model)?.contextLength;
    return this.#counted?.context_length ?? (typeof chosen === 'number' ? chosen : loaded);
  }

  /** Whether there is anything to count. */
  get shown(): boolean {
    const { draft, turns, unsent } = this.#chat;
    return turns.length > 0 || draft.trim() !== '' || unsent.attachments.length > 0;
  }

  /** Of one file of the message. */
  fileTokens({ id, text }: AttachmentRecord): Tokens {
    const exact = this.#files.get(`${this.#model} ${id}`);
    if (exact !== undefined) return { count: exact, exact: true };
    return { count: text === undefined ? IMAGE_TOKENS : estimateTokens(text), exact: false };
  }

  /** To be called in an effect: counts behind a pause, and again whenever what it counts changes. */
  follow(model: string): () => void {
    this.#model = model;
    this.#counted = null;
    // Its messages change many times a second, and the model is not to be asked.
    if (this.#chat.reply !== null) return () => this.#replyEnded();
    if (this.#chat.busy || this.#chat.elsewhere !== undefined) return () => {};
    const { setup, draft, turns, unsent } = this.#chat;
    const history = this.#history;
    const loaded = models.infoOf(model) !== undefined;
    const typed = draft !== this.#found && draft.trim() !== '';
    const { shown } = this;
    const gone = new AbortController();
    const run = async () => {
      const last = turns.findLast((turn) => turn.model);
      const cpu = last?.model === model ? last.cpu : undefined;
      const request = await chatRequest(model, history, setup, cpu);
      const answer = loaded ? await count(request, gone.signal) : undefined;
      if (gone.signal.aborted) return;
      // Loaded with other options it is not loaded.
      if (!answer?.loaded) return typed ? this.#warm(model, request.options) : undefined;
      this.#counted = answer;
      await this.#countFiles(model, unsent.attachments, request.options, gone.signal);
    };
    const timer = shown ? setTimeout(() => void run().catch(unknown), AFTER_MS) : undefined;
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }

  /** What would be sent, but for the files' contents. */
  get #history(): HistoryMessage[] {
    const { draft, turns, unsent } = this.#chat;
    const files = [...unsent.attachments];
    return [...pastOf(turns), { role: 'user', content: draft.trim(), files }];
  }

  /** Loads the model while somebody writes: the first word comes sooner, and the count is exact. */
  async #warm(model: string, options: object): Promise<void> {
    const asked = JSON.stringify([model, options]);
    if (asked === this.#warmed) return;
    this.#warmed = asked;
    this.#warming = new AbortController();
    const client = await openOllama(this.#warming.signal);
    await client.generate({ model, prompt: '', options, stream: false });
    await models.refreshRunning();
  }

  /** A reply that is stopped while the model loads ends the load too, whoever began it. */
  #replyEnded(): void {
    // It goes on: only the view of its chat has gone.
    if (untrack(() => this.#chat.reply) !== null) return;
    this.#warming.abort();
    this.#warmed = '';
  }

  async #countFiles(model: string, ids: readonly string[], options: object, signal: AbortSignal) {
    const files = (await attachments.read(ids)).filter(
      ({ id, text }) => text !== undefined && !this.#files.has(`${model} ${id}`),
    );
    if (files.length === 0) return;
    const alone = async (content: string) => {
      const messages = [{ role: 'user', content }];
      const answer = await count({ model, messages, options, truncate: false }, signal);
      return answer.loaded ? answer.prompt_eval_count : undefined;
    };
    const nothing = await alone('.');
    for (const { id, name, text = '' } of files) {
      const beside = await alone(`${fenced({ name, text })}\n\n.`);
      if (nothing === undefined || beside === undefined || signal.aborted) return;
      this.#files.set(`${model} ${id}`, beside - nothing);
    }
  }
}

function count(request: object, signal: AbortSignal): Promise<CountAnswer> {
  return postJson<CountAnswer>('api/paddock/count', request, signal);
}

/** The estimate stays; what hinders a reply is told when one is asked for. */
function unknown(error: unknown) {
  if (!isAbort(error)) console.warn('The tokens of this chat are not known:', error);
}
