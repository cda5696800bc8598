import type { TokenLogprob } from '#core/engine';
import { isAbort, toWire } from '#core/errors';
import { turnLocks } from '#core/locks';
import { readCalls } from '#core/tools/calls';
import { heldNames, whenFree } from '$lib/client/held-locks';
import { openOllama } from '$lib/client/ollama';
import type { ChatSetup } from '$lib/storage/records';
import { chatRequest } from './chat-request';
import type { HistoryMessage } from './history';
import { models } from './models.svelte';
import { replies } from './replies.svelte';
import { ReplyClock } from './reply-clock';
import { ThoughtClock } from './thought-clock';
import type { Turn } from './turn.svelte';

/** A reload in the middle of a reply loses at most this much: `pagehide` cannot wait for IndexedDB. */
const SAVE_EVERY_MS = 500;

/** Text is drawn 20 times a second: at every frame a long reply costs three times the painting. */
const SHOW_EVERY_MS = 50;

/** Of a message of the stream, what is new. */
interface Piece {
  thinking?: string;
  content: string;
  tool_calls?: readonly unknown[];
}

/** Owns one reply while it streams: the request, the text that is not on the page yet, and its saving. */
export class Reply {
  readonly turn: Turn;
  readonly model: string;
  /** As it was asked for. */
  readonly setup: ChatSetup;
  #waiting = $state(true);
  #behind = $state(false);
  #history: HistoryMessage[];
  #logprobs: TokenLogprob[];
  #save: (ended: boolean) => Promise<unknown>;
  #abort = new AbortController();
  #clock: ReplyClock;
  #thoughts: ThoughtClock;
  #pending = { thinking: '', content: '' };
  #shower: ReturnType<typeof setTimeout> | undefined;
  #saver: ReturnType<typeof setTimeout> | undefined;

  /** `turn` is appended to; `save` is called every half second of new text, and at the end. */
  constructor(
    turn: Turn,
    model: string,
    history: HistoryMessage[],
    setup: ChatSetup,
    save: (ended: boolean) => Promise<unknown>,
  ) {
    this.turn = turn;
    this.model = model;
    this.#history = history;
    this.setup = setup;
    this.#logprobs = [...(turn.logprobs ?? [])];
    this.#save = save;
    this.#clock = new ReplyClock(turn.stats);
    this.#thoughts = new ThoughtClock(turn);
    turn.state = 'streaming';
    turn.error = undefined;
    turn.model = model;
    turn.format = setup.format;
  }

  /** True until the first text arrives, be it a thought. */
  get waiting() {
    return this.#waiting;
  }

  /** True while another tab's reply of this model that began before this one is under way: the host's progress is its. */
  get behind() {
    return this.#behind;
  }

  /** True while a reply of this model that began before this one is under way. */
  get queued() {
    return replies.queued(this);
  }

  stop() {
    this.#abort.abort();
  }

  /** Resolves when the reply has ended, in whatever way, and is saved; the turn says how. */
  async run(): Promise<void> {
    const { turn, model } = this;
    // Only words hang on it: without them the reply comes all the same.
    this.#waitForEarlier().catch((error: unknown) => console.warn('The turn is not known:', error));
    try {
      const client = await openOllama(this.#abort.signal);
      const request = {
        ...(await chatRequest(model, this.#history, this.setup, turn.cpu)),
        stream: true as const,
        // A message that is too long is refused, and not read without its middle; a reply may outgrow the context.
        shift: !turn.empty,
      };
      const stream = await client.chat(request);
      for await (const part of stream) {
        this.#take(part.message);
        // The host sends their bytes too, for which the package has no type.
        if (part.logprobs) this.#logprobs.push(...(part.logprobs as TokenLogprob[]));
        if (part.done) this.#clock.final(part);
      }
      turn.state = 'done';
    } catch (error) {
      if (this.#abort.signal.aborted || isAbort(error)) turn.state = 'stopped';
      else {
        turn.error = toWire(error);
        turn.state = 'failed';
      }
    }
    await this.#end();
  }

  async #waitForEarlier() {
    const earlier = (await heldNames(turnLocks(this.model))).filter((name) => !replies.holds(name));
    this.#behind = earlier.length > 0;
    await Promise.all(earlier.map(whenFree));
    this.#behind = false;
  }

  #take({ thinking = '', content, tool_calls: calls = [] }: Piece) {
    if (thinking === '' && content === '' && calls.length === 0) return;
    if (calls.length > 0) this.turn.toolCalls = readCalls(calls, this.turn.toolCalls);
    this.#clock.piece();
    this.#thoughts.piece(thinking, content);
    this.#pending.thinking += thinking;
    this.#pending.content += content;
    if (this.#waiting) {
      this.#waiting = false;
      void models.refreshRunning();
    }
    this.#shower ||= setTimeout(() => this.#show(), SHOW_EVERY_MS);
    this.#saver ??= setTimeout(() => {
      this.#saver = undefined;
      this.#show();
      void this.#save(false);
    }, SAVE_EVERY_MS);
  }

  #show() {
    clearTimeout(this.#shower);
    this.#shower = undefined;
    const { thinking, content } = this.#pending;
    if (thinking !== '') this.turn.thinking = (this.turn.thinking ?? '') + thinking;
    if (content !== '') this.turn.content += content;
    this.turn.thinkingMs = this.#thoughts.ms;
    this.#pending = { thinking: '', content: '' };
  }

  async #end() {
    clearTimeout(this.#saver);
    this.#show();
    this.#waiting = false;
    if (this.#logprobs.length > 0) this.turn.logprobs = this.#logprobs;
    this.turn.stats = this.#clock.stats(models.infoOf(this.model));
    await this.#save(true);
    // The runner may have been loaded, or have died: what is running is asked anew.
    await models.refreshRunning();
    const stats = this.#clock.stats(models.infoOf(this.model));
    if (!stats?.ranOn || this.turn.stats?.ranOn) return;
    this.turn.stats = stats;
    await this.#save(true);
  }
}
