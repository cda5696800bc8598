import type { ChatMessage } from '#core/engine';
import { toWire, type WireError } from '#core/errors';
import { replyLock, turnLocks } from '#core/locks';
import { whileBusy } from '$lib/client/busy';
import { holding, whenFree } from '$lib/client/held-locks';
import { announce } from '$lib/storage/changes';
import { deleteMessage, listMessages, readMessage } from '$lib/storage/messages';
import type { ChatSetup, MessageRecord } from '$lib/storage/records';
import { conversations } from './conversations.svelte';
import { liveRecord } from './live-record';
import { replies } from './replies.svelte';
import { Reply } from './reply.svelte';
import { Turn } from './turn.svelte';
import { unsaved } from './unsaved.svelte';

/** Owns the messages of one conversation and the reply that streams into it. */
export class Chat {
  #id = $state<string | null>(null);
  #turns = $state.raw<Turn[]>([]);
  #reply = $state.raw<Reply | null>(null);
  #loaded = $state(true);
  #reading: Promise<void> | undefined;
  #error = $state.raw<WireError | null>(null);
  /** Of a chat that has no message yet. */
  #setup = $state.raw<ChatSetup>({});
  /** What is written in the composer and not sent. */
  draft = $state('');

  constructor(id: string | null) {
    this.#id = id;
    this.#loaded = id === null;
  }

  /** The conversation's id; null for a chat that has no message yet. */
  get id() {
    return this.#id;
  }

  get turns() {
    return this.#turns;
  }

  /** The reply under way. */
  get reply() {
    return this.#reply;
  }

  /** The reply that another tab writes in this conversation. */
  get elsewhere(): Turn | undefined {
    const own = this.#reply?.turn;
    return this.#turns.find((turn) => turn.state === 'streaming' && turn !== own);
  }

  get loaded() {
    return this.#loaded;
  }

  /** What a person set for this chat. */
  get setup(): ChatSetup {
    return this.#id === null ? this.#setup : (conversations.known(this.#id)?.setup ?? {});
  }

  /** Sets some of it; a field that is `undefined` is the model's own again. */
  set(change: Partial<ChatSetup>) {
    const all = Object.entries({ ...this.setup, ...change });
    this.#replaceSetup(Object.fromEntries(all.filter(([, value]) => value !== undefined)));
  }

  /** Everything is the model's own again. */
  resetSetup() {
    const { model } = this.setup;
    this.#replaceSetup(model === undefined ? {} : { model });
  }

  #replaceSetup(setup: ChatSetup) {
    if (this.#id === null) this.#setup = setup;
    else conversations.setUp(this.#id, setup);
  }

  /** Why the messages could not be read. */
  get error() {
    return this.#error;
  }

  /** Reads the messages, once; a reply whose tab is gone is cut there. */
  load(): Promise<void> {
    if (this.#loaded || this.#id === null) return Promise.resolve();
    return (this.#reading ??= this.#read(this.#id));
  }

  async #read(id: string) {
    this.#error = null;
    try {
      const records = await Promise.all((await listMessages(id)).map(liveRecord));
      for (const record of records) if (record) this.#take(record);
      this.#loaded = true;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Another tab wrote or removed this message. */
  async changed(messageId: string) {
    await this.#reading;
    if (!this.#loaded) return;
    try {
      const record = await liveRecord(await readMessage(messageId));
      if (record) this.#take(record);
      else if (!this.#isOwn(messageId)) this.#drop(messageId);
    } catch (error) {
      this.#loaded = false;
      this.#fail(error);
    }
  }

  #fail(error: unknown) {
    this.#error = toWire(error);
    this.#reading = undefined;
  }

  /** Sends `text` and streams the reply; returns the conversation's id, new or not. */
  send(text: string, model: string): string {
    this.#id ??= conversations.create(text, this.#setup).id;
    conversations.touch(this.#id);
    void this.#write(this.#add({ role: 'user', content: text, state: 'done' }));
    this.#answer(this.#add({ role: 'assistant', content: '', state: 'streaming' }), model);
    return this.#id;
  }

  /** Ends the reply under way, whichever tab writes it. */
  stop() {
    if (this.#reply) this.#reply.stop();
    else if (this.elsewhere) announce({ type: 'stop', message: this.elsewhere.id });
  }

  /** Drops the last reply and asks for another. */
  regenerate(model: string, cpu = this.#keepsToCpu(model)) {
    const last = this.#turns.at(-1);
    if (this.#reply || this.elsewhere || !last || this.#id === null) return;
    if (last.role === 'assistant') {
      this.#drop(last.id);
      const record = last.record(this.#id);
      void unsaved.write(this.#key(last.id), () => deleteMessage(record));
    }
    this.#answer(this.#add({ role: 'assistant', content: '', state: 'streaming' }), model, cpu);
  }

  /** Goes on with the last reply where it ends. */
  continueReply(model: string, cpu = this.#keepsToCpu(model)) {
    const last = this.#turns.at(-1);
    if (this.#reply || this.elsewhere || last?.role !== 'assistant') return;
    this.#answer(last, model, cpu);
  }

  /** From the next reply on the engine may take the graphics adapter again. */
  leaveCpu(turn: Turn) {
    turn.cpu = undefined;
    void this.#write(turn);
  }

  /** What somebody chose for `model` here holds until they choose another. */
  #keepsToCpu(model: string): true | undefined {
    const last = this.#turns.findLast((turn) => turn.model);
    return last?.model === model ? last.cpu : undefined;
  }

  #answer(turn: Turn, model: string, cpu = this.#keepsToCpu(model)) {
    const begun = turn.content;
    turn.cpu = cpu;
    const leave = () => {
      replies.remove(reply);
      if (this.#reply === reply) this.#reply = null;
    };
    const reply = new Reply(turn, model, this.#history(), this.setup, (ended) => {
      if (ended) {
        // What is left for the reply to do must not hold up the next one.
        leave();
        if (this.#id !== null) conversations.touch(this.#id);
      }
      return this.#write(turn);
    });
    this.#reply = reply;
    replies.add(reply);
    const run = async () => {
      if (begun !== '' && (await this.#continuedElsewhere(turn, begun))) return;
      // Before the wait for the other lock: a reload in that time must find a reply to try again.
      void this.#write(turn);
      const asking = turnLocks(model) + turn.id;
      await whileBusy(() => holding(asking, () => reply.run()));
    };
    void holding(replyLock(turn.id), run).finally(leave);
  }

  /** Two tabs may ask to continue at once: the second finds more than it knew, and shows that. */
  async #continuedElsewhere(turn: Turn, begun: string): Promise<boolean> {
    // What cannot be read now has not been written by anybody; the next write reports the reason.
    const stored = await readMessage(turn.id).catch(() => null);
    if (!stored || stored.content === begun || unsaved.failed(this.#key(turn.id))) return false;
    turn.update(stored.state === 'streaming' ? { ...stored, state: 'cut' } : stored);
    return true;
  }

  /** What the model is told: everything with text; a reply that is continued comes last. */
  #history(): ChatMessage[] {
    return this.#turns
      .filter(({ content }) => content !== '')
      .map(({ role, content }) => ({ role, content }));
  }

  #add(part: Pick<Turn, 'role' | 'content' | 'state'>): Turn {
    // Messages are read back in the order of this time: two of one millisecond would change places.
    const last = this.#turns.at(-1);
    const createdAt = Math.max(Date.now(), (last?.createdAt ?? 0) + 1);
    const parentId = last?.id ?? null;
    const turn = new Turn({ id: crypto.randomUUID(), parentId, createdAt, ...part });
    this.#turns = [...this.#turns, turn];
    return turn;
  }

  #drop(messageId: string) {
    this.#turns = this.#turns.filter(({ id }) => id !== messageId);
  }

  /** Shows what is stored, but for what this tab writes or could not write yet. */
  #take(record: MessageRecord) {
    if (this.#isOwn(record.id)) return;
    let turn = this.#turns.find(({ id }) => id === record.id);
    if (turn) turn.update(record);
    else {
      turn = new Turn(record);
      this.#turns = [...this.#turns, turn].sort(inOrder);
    }
    if (turn.state === 'streaming') void this.#follow(turn);
  }

  /** The lock of a reply that another tab writes falls when the reply has ended, or the tab. */
  async #follow(turn: Turn) {
    if (turn.followed) return;
    turn.followed = true;
    await whenFree(replyLock(turn.id));
    turn.followed = false;
    await this.changed(turn.id);
  }

  #isOwn(messageId: string): boolean {
    return this.#reply?.turn.id === messageId || unsaved.failed(this.#key(messageId));
  }

  async #write(turn: Turn) {
    const id = this.#id;
    if (id === null || !this.#turns.includes(turn)) return;
    await unsaved.write(this.#key(turn.id), () => conversations.saveMessage(turn.record(id)));
  }

  #key(messageId: string): string {
    return `${conversations.key(this.#id ?? '')}/message:${messageId}`;
  }
}

/** As storage has them. */
function inOrder(a: Turn, b: Turn): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
