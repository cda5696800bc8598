import { headOf, lastRound, resultsBehind } from '#core/tools/round';
import type { Call } from '#core/tools/calls';
import type { ChatSetup } from '$lib/storage/records';
import type { ChatWrites } from './chat-writes';
import type { Answer, Around, ToolLoop } from './tool-loop.svelte';
import type { Turn } from './turn.svelte';
import type { NewTurn, Turns } from './turns.svelte';

/** What calls take from their conversation. */
interface Owner {
  readonly turns: Turns;
  readonly writes: ChatWrites;
  setup(): ChatSetup;
  add(part: NewTurn, parentId: string): Turn;
  refresh(): Promise<void>;
  goOn(parentId: string, model: string): void;
}

/** Owns what a conversation's replies call; what runs them is loaded with the first call. */
export class ChatTools {
  readonly #owner: Owner;
  #loop = $state.raw<ToolLoop>();
  /** Pieces of work, those that wait for the code too. */
  #works = $state(0);
  #stopped = false;
  #round = $derived.by(() => lastRound(this.#owner.turns.shown));

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Whether calls of the branch shown run here, or wait for a person. */
  get open(): boolean {
    return this.active || (this.#round?.open.length ?? 0) > 0;
  }

  /** Whether calls are at work in this tab. */
  get active(): boolean {
    return this.#works > 0;
  }

  /** Whether the result of this id is being made in this tab. */
  has(resultId: string): boolean {
    return this.#loop?.has(resultId) ?? false;
  }

  /** The message with which the reply begins that this one belongs to: rounds of calls are parts of it. */
  head(turn: Turn): Turn {
    return headOf(this.#owner.turns.pathTo(turn.id)) ?? turn;
  }

  /** Handles the calls of a reply that has ended. */
  begin(asker: Turn, model: string) {
    void this.#with((loop) => loop.begin(asker, model));
  }

  answer(asker: Turn, call: Call, answer: Answer, model: string) {
    void this.#with((loop) => loop.answer(asker, call, answer, model));
  }

  /** Runs a call that was cut off once more, or leaves it. */
  resume(asker: Turn, call: Call, how: 'run' | 'skip', model: string) {
    void this.#with((loop) => loop.resume(asker, call, how, model));
  }

  /** Ends the calls that run here, or those that wait in the branch shown. */
  stop() {
    if (this.active) this.stopWork();
    else if (this.#round) {
      const { asker } = this.#round;
      void this.#with((loop) => loop.stop(asker));
    }
  }

  stopWork() {
    this.#stopped = true;
    this.#loop?.stopWork();
  }

  async #with(work: (loop: ToolLoop) => Promise<void>): Promise<void> {
    this.#works++;
    this.#stopped = false;
    try {
      this.#loop ??= await this.#load();
      if (!this.#stopped) await work(this.#loop);
    } catch (error) {
      // The calls stay open, and can be answered again.
      console.warn('The calls of a reply could not be handled:', error);
    } finally {
      this.#works--;
    }
  }

  async #load(): Promise<ToolLoop> {
    const { ToolLoop } = await import('./tool-loop.svelte');
    const { turns, writes, setup, add, refresh, goOn } = this.#owner;
    const around: Around = {
      ...{ writes, setup, refresh, goOn },
      path: (turn) => turns.pathTo(turn.id),
      results: (asker) => resultsBehind(turns.all, asker),
      add: ({ id, name }, parentId) =>
        add({ role: 'tool', content: '', state: 'cut', toolCallId: id, toolName: name }, parentId),
    };
    return this.#loop ?? new ToolLoop(around);
  }
}
