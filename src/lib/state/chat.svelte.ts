import { SvelteMap } from 'svelte/reactivity';
import { toWire, type WireError } from '#core/errors';
import { replyLock, turnLocks } from '#core/locks';
import { without } from '#core/tree';
import { whileBusy } from '$lib/client/busy';
import { holding, whenFree } from '$lib/client/held-locks';
import { announce } from '$lib/storage/changes';
import type { MessageWrite } from '$lib/storage/conversations';
import { readMessage } from '$lib/storage/messages';
import type { ChatSetup, DraftRecord, MessageRecord } from '$lib/storage/records';
import { firstName } from './attachments.svelte';
import { conversations } from './conversations.svelte';
import { Draft } from './draft.svelte';
import { continuedElsewhere } from './continued-elsewhere';
import { historyOf } from './history';
import { OwnSetup } from './own-setup.svelte';
import { liveRecord, liveRecords } from './live-record';
import { replies } from './replies.svelte';
import { Reply } from './reply.svelte';
import { Turn, type TurnRecord } from './turn.svelte';
import { Turns } from './turns.svelte';
import { unsaved } from './unsaved.svelte';
import { writeTurns } from './write-turns';

/** What of a new message is its own: its place and time come from where it stands. */
type Part = Pick<TurnRecord, 'role' | 'content' | 'state'> & Partial<TurnRecord>;

/** Owns the messages of one conversation, and the reply that streams into it. */
export class Chat {
  #id = $state<string | null>(null);
  #turns = new Turns();
  #draft: Draft;
  #reply = $state.raw<Reply | null>(null);
  /** By their messages' ids: those that are ending too. */
  #own = new SvelteMap<string, Reply>();
  #loaded = $state(true);
  #reading: Promise<void> | undefined;
  #error = $state.raw<WireError | null>(null);
  #setup = new OwnSetup(() => this.#id);
  /** The end of the branch, as the last write of this chat had it. */
  #noted: string | null = null;

  /** `records`: of a new conversation that has messages already; `kept`: see `Draft`. */
  constructor(id: string | null, records: MessageRecord[] = [], kept?: DraftRecord) {
    this.#id = id;
    this.#draft = $state.raw(new Draft(id ?? '', kept));
    this.#loaded = id === null || records.length > 0;
    this.#turns.add(records.map((record) => new Turn(record)));
  }

  /** The conversation's id; null for a chat that has no message yet. */
  get id() {
    return this.#id;
  }

  /** The messages of the branch that is shown. */
  get turns() {
    return this.#turns.shown;
  }

  /** What is written in the composer and not sent. */
  get draft() {
    return this.#draft.text;
  }

  set draft(text: string) {
    this.#draft.text = text;
  }

  /** All of what is not sent, messages that wait too. */
  get unsent() {
    return this.#draft;
  }

  /** The reply under way. */
  get reply() {
    return this.#reply;
  }

  /** The reply that another tab writes in the branch shown. */
  get elsewhere(): Turn | undefined {
    return this.turns.find(({ state, id }) => state === 'streaming' && !this.#own.has(id));
  }

  /** Whether something of it stands nowhere but here. */
  get inUse() {
    return this.#own.size > 0 || !this.#draft.empty;
  }

  /** Messages that storage has refused so far. */
  get refused(): MessageRecord[] {
    const refused = this.#turns.all.filter(({ id }) => unsaved.failed(this.#key(id)));
    return refused.map((turn) => turn.record(this.#id ?? ''));
  }

  get loaded() {
    return this.#loaded;
  }

  /** What a person set for this chat. */
  get setup(): ChatSetup {
    return this.#setup.values;
  }

  set(change: Partial<ChatSetup>) {
    this.#setup.set(change);
  }

  resetSetup() {
    this.#setup.reset();
  }

  /** Why the messages could not be read. */
  get error() {
    return this.#error;
  }

  /** The versions of a message, itself among them, the earliest first. */
  versions(turn: Turn): readonly Turn[] {
    return this.#turns.versions(turn.id);
  }

  /** From the first message to this one. */
  pathTo(turn: Turn): Turn[] {
    return this.#turns.pathTo(turn.id);
  }

  /** Reads the messages, once, and the draft; a reply whose tab is gone is cut there. */
  async load(): Promise<void> {
    await Promise.all([this.#draft.load(), this.#loadTurns()]);
    if (this.#loaded) this.#lose([]);
  }

  /** Nobody shows it any more. */
  close() {
    this.#reply?.stop();
    this.#draft.close();
  }

  #loadTurns(): Promise<void> {
    if (this.#loaded || this.#id === null) return Promise.resolve();
    return (this.#reading ??= this.#read(this.#id));
  }

  async #read(id: string) {
    this.#error = null;
    try {
      const before = this.#turns.leaf;
      this.#take(await liveRecords(id));
      this.#turns.show(before ?? conversations.known(id)?.leaf ?? null);
      this.#noted = this.#turns.leaf;
      this.#loaded = true;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Another tab wrote or removed this message; undefined: several of them. */
  async changed(messageId?: string) {
    await this.#reading;
    if (!this.#loaded || this.#id === null) return;
    try {
      if (messageId === undefined) {
        const records = await liveRecords(this.#id);
        this.#take(records);
        const there = records.map(({ id }) => id);
        this.#drop(without(this.#turns.all, there).map(({ id }) => id));
        return;
      }
      const record = await liveRecord(await readMessage(messageId));
      if (record) this.#take([record]);
      else this.#drop([messageId]);
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
  send(text: string, model: string, attachments: string[] = []): string {
    this.#id ??= this.#begin(text || firstName(attachments));
    conversations.touch(this.#id);
    this.#ask(text, attachments, model, this.turns.at(-1)?.id ?? null);
    return this.#id;
  }

  #begin(text: string): string {
    const { id } = conversations.create(text, this.setup);
    this.#draft = new Draft(id, undefined, this.#draft);
    return id;
  }

  #ask(text: string, attachments: string[], model: string, parentId: string | null) {
    const cpu = this.#turns.cpuFor(model);
    const files = attachments.length > 0 ? { attachments } : {};
    const asked = this.#add({ role: 'user', content: text, state: 'done', ...files }, parentId);
    void this.#write(asked);
    this.#answer(this.#addReply(asked.id), model, cpu);
  }

  /** Sends the first message that waits; the others follow, each when the reply before it is done. */
  sendWaiting(model: string) {
    if (this.#reply || this.elsewhere) return;
    const next = this.#draft.takeNext();
    if (next) this.send(next.text, model, next.attachments);
  }

  #sendNext({ id, state }: Turn, model: string) {
    const next = state === 'done' && !this.#reply ? this.#draft.takeNext() : undefined;
    if (next) this.#ask(next.text, next.attachments, model, id);
  }

  /** Ends the reply under way, whichever tab writes it. */
  stop() {
    if (this.#reply) this.#reply.stop();
    else if (this.elsewhere) announce({ type: 'stop', message: this.elsewhere.id });
  }

  /** Asks for another version of a reply, or for one to a message that has none; absent: the last. */
  regenerate(model: string, turn = this.turns.at(-1), cpu = this.#turns.cpuFor(model)) {
    if (!turn || this.#id === null || turn === this.elsewhere) return;
    this.#reply?.stop();
    conversations.touch(this.#id);
    this.#answer(this.#addReply(turn.role === 'assistant' ? turn.parentId : turn.id), model, cpu);
  }

  /** Puts another version of a message beside it: of a question one that is sent, of a reply one that stands. */
  edit(turn: Turn, text: string, model: string | null) {
    if (this.#id === null) return;
    this.#reply?.stop();
    conversations.touch(this.#id);
    if (turn.role === 'user') {
      if (model !== null) this.#ask(text, turn.attachments ?? [], model, turn.parentId);
      return;
    }
    const { role, model: by, thinking, thinkingMs, attachments, cpu } = turn;
    const part = { role, content: text, state: 'done', edited: true, model: by } as const;
    const rest = { thinking, thinkingMs, attachments, cpu };
    void this.#write(this.#add({ ...part, ...rest }, turn.parentId));
  }

  /** Shows the branch of this message that was written last. */
  show({ id }: { id: string }) {
    if (this.#turns.find(id)) this.#turns.show(id);
    if (this.#id !== null && this.#turns.leaf) conversations.show(this.#id, this.#turns.leaf);
    this.#noted = this.#turns.leaf;
  }

  /** Removes a message and what follows it, in every branch. The function brings them back. */
  remove(turn: Turn): { count: number; undo: () => void } {
    const gone = this.#turns.from(turn);
    const ids = gone.map(({ id }) => id);
    const leaf = this.#turns.leaf;
    this.#lose(ids);
    const key = this.#key(`${turn.id}/removed`);
    void this.#save(key, () => ({ remove: ids }));
    const undo = () => {
      if (this.#id === null) return;
      const id = this.#id;
      gone.forEach((one) => (one.stored = false));
      this.#turns.add(gone.filter((one) => !this.#turns.find(one.id)));
      this.#turns.show(leaf);
      void this.#save(key, () => ({ put: gone.map((one) => one.record(id)) }));
    };
    return { count: gone.length, undo };
  }

  /** Goes on with the last reply where it ends. */
  continueReply(model: string, cpu = this.#turns.cpuFor(model)) {
    const last = this.turns.at(-1);
    if (this.#reply || this.elsewhere || last?.role !== 'assistant') return;
    this.#answer(last, model, cpu);
  }

  /** From the next reply on the engine may take the graphics adapter again. */
  leaveCpu(turn: Turn) {
    turn.cpu = undefined;
    void this.#write(turn);
  }

  #answer(turn: Turn, model: string, cpu: true | undefined) {
    const begun = turn.content;
    turn.cpu = cpu;
    const leave = () => {
      replies.remove(reply);
      if (this.#reply === reply) this.#reply = null;
    };
    const history = historyOf(this.pathTo(turn));
    const reply = new Reply(turn, model, history, this.setup, (ended) => {
      const written = this.#write(turn);
      if (!ended) return written;
      // What is left for the reply to do must not hold up the next one.
      const current = this.#reply === reply;
      leave();
      if (this.#id !== null && current) conversations.touch(this.#id);
      if (current) this.#sendNext(turn, model);
      return written;
    });
    this.#reply = reply;
    this.#own.set(turn.id, reply);
    replies.add(reply);
    const run = async () => {
      const stored = begun !== '' && !unsaved.failed(this.#key(turn.id));
      if (stored && (await continuedElsewhere(turn, begun))) return;
      // Before the wait for the other lock: a reload in that time must find a reply to try again.
      void this.#write(turn);
      const asking = turnLocks(model) + turn.id;
      await whileBusy(() => holding(asking, () => reply.run()));
    };
    void holding(replyLock(turn.id), run).finally(() => {
      leave();
      if (this.#own.get(turn.id) === reply) this.#own.delete(turn.id);
    });
  }

  #addReply(parentId: string | null): Turn {
    return this.#add({ role: 'assistant', content: '', state: 'streaming' }, parentId);
  }

  /** A new message behind another, or beside those that follow it; shown, unless the reader is elsewhere. */
  #add(part: Part, parentId: string | null): Turn {
    const createdAt = this.#turns.nextTime();
    const turn = new Turn({ ...part, id: crypto.randomUUID(), parentId, createdAt });
    const shown = parentId === null || this.turns.some(({ id }) => id === parentId);
    const beside = this.turns.some((one) => one.parentId === parentId);
    this.#turns.add([turn]);
    if (shown || beside) this.#turns.show(turn.id);
    return turn;
  }

  #drop(messageIds: string[]) {
    const there = messageIds.flatMap((id) => this.#turns.find(id) ?? []);
    const own = there.filter(({ id }) => this.#isOwn(id));
    this.#lose(there.filter((turn) => !own.includes(turn)).map(({ id }) => id));
    // Whether these are gone, or not there yet, their next write knows.
    own.forEach((turn) => void this.#write(turn));
  }

  /** These are gone from storage; a text that replaced one of them goes into the composer. */
  #lose(ids: string[]) {
    for (const id of ids) {
      this.#own.get(id)?.stop();
      unsaved.drop(this.#key(id));
    }
    if (ids.length > 0) this.#turns.remove(ids);
    const { editing } = this.#draft;
    if (editing && !this.#turns.find(editing.id)) this.#draft.rescueEdited();
  }

  /** Shows what is stored, but for what this tab writes or could not write yet. */
  #take(records: MessageRecord[]) {
    const others = records.filter(({ id }) => !this.#isOwn(id));
    this.#turns.take(others);
    for (const { id, state } of others) {
      if (state === 'streaming') void this.#follow(this.#turns.find(id)!);
    }
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
    return this.#own.has(messageId) || unsaved.failed(this.#key(messageId));
  }

  async #write(turn: Turn) {
    const id = this.#id;
    if (id === null || this.#turns.find(turn.id) !== turn) return;
    await this.#save(this.#key(turn.id), () => ({ put: [turn.record(id)] }));
  }

  /** Writes, and with it which branch is shown, where that is not written yet. */
  async #save(key: string, write: () => MessageWrite) {
    const id = this.#id;
    if (id === null) return;
    await unsaved.write(key, async () => {
      const leaf = this.#turns.leaf;
      const moved = leaf !== null && leaf !== this.#noted ? { leaf } : {};
      const gone = await writeTurns(id, { ...write(), ...moved }, this.#turns, this.#draft);
      this.#noted = leaf;
      this.#lose(gone);
    });
  }

  #key(messageId: string): string {
    return `${conversations.key(this.#id ?? '')}/message:${messageId}`;
  }
}
