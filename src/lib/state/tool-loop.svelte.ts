import { SvelteSet } from 'svelte/reactivity';
import { replyLock, toolsLock } from '#core/locks';
import type { Call } from '#core/tools/calls';
import { isSettled, pauseReason, resultOf } from '#core/tools/round';
import { toolNamed, USUAL_STEPS } from '#core/tools/tools';
import { whileBusy } from '$lib/client/busy';
import { holdIfFree, holding } from '$lib/client/held-locks';
import type { ChatSetup } from '$lib/storage/records';
import type { ChatWrites } from './chat-writes';
import { callFault, runTool, STOPPED, type Outcome } from './run-tool';
import { settings } from './settings.svelte';
import { sayPaused, sayQuestion } from './tool-words';
import type { Turn } from './turn.svelte';

/** What a person says of a call. */
export type Answer = 'once' | 'always' | 'refuse' | 'never';

/** What the calls of a conversation's replies take from it. */
export interface Around {
  readonly writes: ChatWrites;
  setup(): ChatSetup;
  /** From the first message to this one. */
  path(turn: Turn): Turn[];
  /** The results behind a message that calls, in their order. */
  results(asker: Turn): Turn[];
  /** A result behind another message. */
  add(call: Call, parentId: string): Turn;
  /** Reads what other tabs wrote. */
  refresh(): Promise<void>;
  /** Asks the model again, behind the last result. */
  goOn(parentId: string, model: string): void;
}

const REFUSED = 'The person refused this call. Answer without it.';

/** Runs what the replies of one conversation call, one call after the other, until a person is to be asked. */
export class ToolLoop {
  readonly #around: Around;
  /** The message whose calls are at work here. */
  #asker = $state.raw<Turn | null>(null);
  #abort = new AbortController();
  /** Ids of the results that are being made here. */
  #own = new SvelteSet<string>();

  constructor(around: Around) {
    this.#around = around;
  }

  /** Whether calls are at work here; a question that waits is not work. */
  get active() {
    return this.#asker !== null;
  }

  has(resultId: string): boolean {
    return this.#own.has(resultId);
  }

  /** Handles the calls of a reply that has ended. */
  begin(asker: Turn, model: string): Promise<void> {
    return this.#alone(asker, () => this.#advance(asker, model));
  }

  /** What a person says of the first call that waits; nothing where another tab was told before. */
  answer(asker: Turn, call: Call, answer: Answer, model: string): Promise<void> {
    return this.#alone(asker, async () => {
      await this.#around.refresh();
      const known = asker.toolCalls?.find(({ id }) => id === call.id);
      if (!known || known.answer || this.#result(asker, call)) return;
      this.#remember(call.name, answer);
      const allowed = answer === 'once' || answer === 'always';
      this.#note(asker, call, allowed ? 'allowed' : 'refused');
      await this.#advance(asker, model);
    });
  }

  /** Runs a call that was cut off once more, or leaves it. */
  resume(asker: Turn, call: Call, how: 'run' | 'skip', model: string): Promise<void> {
    return this.#alone(asker, async () => {
      await this.#around.refresh();
      const result = this.#result(asker, call);
      if (result && isSettled(result)) return;
      this.#note(asker, call, how === 'run' ? 'allowed' : 'refused');
      if (how === 'run') await this.#run(asker, call);
      else await this.#settle(asker, call, { content: SKIPPED, state: 'done' });
      await this.#advance(asker, model);
    });
  }

  /** Ends the call that runs; those behind it are not run. */
  async stop(asker: Turn): Promise<void> {
    if (this.#asker === asker) return this.#abort.abort();
    await this.#alone(asker, () => this.#stopRest(asker));
  }

  /** Ends what is at work here. */
  stopWork() {
    if (this.#asker) this.#abort.abort();
  }

  /** Two tabs show the same question: only one of them acts. */
  async #alone(asker: Turn, work: () => Promise<void>): Promise<void> {
    if (this.#asker) return;
    this.#asker = asker;
    this.#abort = new AbortController();
    try {
      const release = await holdIfFree(toolsLock(asker.id));
      if (release) await whileBusy(work).finally(release);
    } finally {
      if (this.#asker === asker) this.#asker = null;
    }
  }

  async #advance(asker: Turn, model: string): Promise<void> {
    for (const call of asker.toolCalls ?? []) {
      if (this.#abort.signal.aborted) return this.#stopRest(asker);
      const result = this.#result(asker, call);
      if (result && isSettled(result)) continue;
      // Cut off: whether it is run again is for a person to say.
      if (result) return;
      const fault = callFault(call, this.#toolOf(call));
      const answer = fault ? undefined : (this.#answerOf(asker, call) ?? this.#kept(call));
      if (fault) await this.#settle(asker, call, { content: fault, state: 'failed' });
      else if (!answer) return sayQuestion(call);
      else {
        this.#note(asker, call, answer);
        if (answer === 'allowed') await this.#run(asker, call);
        else await this.#settle(asker, call, { content: REFUSED, state: 'done' });
      }
    }
    const last = this.#around.results(asker).at(-1);
    if (!last) return;
    const reason = pauseReason(
      this.#around.path(last),
      this.#around.setup().toolSteps ?? USUAL_STEPS,
    );
    if (this.#abort.signal.aborted || reason) return sayPaused();
    this.#asker = null;
    this.#around.goOn(last.id, model);
  }

  /** Only what is switched on in this chat. */
  #toolOf({ name }: Call) {
    return this.#around.setup().tools?.includes(name) ? toolNamed(name) : undefined;
  }

  #kept({ name }: Call) {
    const kept = settings.values.toolApprovals[name];
    return kept && (kept === 'always' ? 'allowed' : 'refused');
  }

  #answerOf(asker: Turn, call: Call) {
    return asker.toolCalls?.find(({ id }) => id === call.id)?.answer;
  }

  #result(asker: Turn, call: Call): Turn | undefined {
    return resultOf(this.#around.results(asker), call);
  }

  #remember(name: string, answer: Answer) {
    if (answer !== 'always' && answer !== 'never') return;
    settings.set('toolApprovals', { ...settings.values.toolApprovals, [name]: answer });
  }

  #note(asker: Turn, call: Call, answer: 'allowed' | 'refused') {
    if (this.#answerOf(asker, call) === answer) return;
    asker.toolCalls = asker.toolCalls?.map((one) =>
      one.id === call.id ? { ...one, answer } : one,
    );
    void this.#around.writes.put(asker);
  }

  async #run(asker: Turn, call: Call): Promise<void> {
    const tool = this.#toolOf(call);
    const { signal } = this.#abort;
    if (!tool)
      return this.#settle(asker, call, { content: callFault(call, tool)!, state: 'failed' });
    const turn = this.#turnFor(asker, call);
    this.#own.add(turn.id);
    Object.assign(turn, { content: '', state: 'streaming', toolMs: undefined });
    // The lock falls after the last write: other tabs read then.
    await holding(replyLock(turn.id), async () => {
      await this.#around.writes.put(turn);
      Object.assign(turn, await runTool(tool, call.arguments, signal));
      await this.#around.writes.put(turn);
    }).finally(() => this.#own.delete(turn.id));
  }

  async #settle(asker: Turn, call: Call, outcome: Outcome): Promise<void> {
    const turn = this.#turnFor(asker, call);
    Object.assign(turn, { toolMs: undefined, ...outcome });
    await this.#around.writes.put(turn);
  }

  #turnFor(asker: Turn, call: Call): Turn {
    const results = this.#around.results(asker);
    return resultOf(results, call) ?? this.#around.add(call, results.at(-1)?.id ?? asker.id);
  }

  async #stopRest(asker: Turn): Promise<void> {
    for (const call of asker.toolCalls ?? []) {
      const result = this.#result(asker, call);
      if (result && isSettled(result)) continue;
      await this.#settle(asker, call, { content: STOPPED, state: 'stopped' });
    }
  }
}

const SKIPPED = 'This call was cut off, and the person left it. Answer without it.';
