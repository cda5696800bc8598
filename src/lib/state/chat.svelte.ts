import { toWire, type WireError } from '#core/errors';
import { without } from '#core/tree';
import { announce } from '$lib/storage/changes';
import { readMessage } from '$lib/storage/messages';
import type { ChatSetup, DraftRecord, MessageRecord } from '$lib/storage/records';
import { Answers } from './answers.svelte';
import { firstName } from './attachments.svelte';
import { ChatTools } from './chat-tools.svelte';
import { ChatWrites } from './chat-writes';
import { conversations } from './conversations.svelte';
import { Draft } from './draft.svelte';
import { follow } from './follow';
import { historyOf } from './history';
import { OwnSetup } from './own-setup.svelte';
import { liveRecord, liveRecords } from './live-record';
import { Pairs } from './pairs';
import type { Reply } from './reply.svelte';
import { titles } from './titles';
import { Turn, type TurnRecord } from './turn.svelte';
import { Turns } from './turns.svelte';

/** Owns the messages of one conversation, and the reply that streams into it. */
export class Chat {
  #id = $state<string | null>(null);
  #turns = new Turns();
  #draft: Draft;
  #loaded = $state(true);
  #reading: Promise<void> | undefined;
  #error = $state.raw<WireError | null>(null);
  #setup = new OwnSetup(() => this.#id);
  #writes = new ChatWrites({
    id: () => this.#id,
    turns: this.#turns,
    draft: () => this.#draft,
    lost: (ids) => this.#lose(ids),
  });
  #answers = new Answers({
    writes: this.#writes,
    // Two models do not take turns with tools.
    setup: ({ pair }) => (pair === undefined ? this.setup : { ...this.setup, tools: undefined }),
    history: (turn) => historyOf(this.pathTo(turn)),
    ended: (turn, reply) => this.#ended(turn, reply),
  });
  /** What its replies call. */
  readonly tools = new ChatTools({
    turns: this.#turns,
    writes: this.#writes,
    setup: () => this.setup,
    add: (part, parentId) => this.#turns.write(part, parentId),
    refresh: () => this.changed(),
    goOn: (parentId, model) => this.#goOn(parentId, model),
  });
  /** Replies that stand side by side. */
  readonly pairs = new Pairs({
    ...{ turns: this.#turns, answers: this.#answers, writes: this.#writes },
    add: (parentId, marks) => this.#addReply(parentId, marks),
  });

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

  /** The reply under way; of two side by side, the one that began first. */
  get reply() {
    return this.#answers.current;
  }

  /** All replies under way. */
  get replies() {
    return this.#answers.currents;
  }

  /** The reply that another tab writes in the branch shown. */
  get elsewhere(): Turn | undefined {
    return this.#elsewhere[0];
  }

  get #elsewhere(): Turn[] {
    const streaming = ({ state, id }: Turn) => state === 'streaming' && !this.#isWritten(id);
    return this.pairs.with(this.turns).filter(streaming);
  }

  /** Whether a reply is under way in this tab, or waits for a person: what is sent then has to wait. */
  get busy() {
    return this.reply !== null || this.tools.open;
  }

  /** Whether something of it stands nowhere but here. */
  get inUse() {
    return this.#answers.size > 0 || this.tools.active || !this.#draft.empty;
  }

  /** Messages that storage has refused so far. */
  get refused(): MessageRecord[] {
    const refused = this.#turns.all.filter(({ id }) => this.#writes.failed(id));
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
    this.stopOwn();
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
      this.#writes.note();
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
    this.#id ??= this.#begin(text || firstName(attachments), model);
    conversations.touch(this.#id);
    this.#ask(text, attachments, model, this.turns.at(-1)?.id ?? null);
    return this.#id;
  }

  #begin(text: string, model: string): string {
    const { id } = conversations.create(text, { model, ...this.setup });
    this.#draft = new Draft(id, undefined, this.#draft);
    return id;
  }

  #ask(text: string, attachments: string[], model: string, parentId: string | null) {
    const cpu = this.#turns.cpuFor(model);
    const files = attachments.length > 0 ? { attachments } : {};
    const asked = this.#turns.write(
      { role: 'user', content: text, state: 'done', ...files },
      parentId,
    );
    void this.#writes.put(asked);
    this.#answer(asked.id, model, cpu);
  }

  /** One reply, or two side by side where this chat compares. */
  #answer(parentId: string | null, model: string, cpu: true | undefined) {
    const { with: other = '', blind } = this.setup.compare ?? {};
    if (other === '' || other === model) {
      return this.#answers.begin(this.#addReply(parentId), model, cpu);
    }
    const beside = { model: other, cpu: this.#turns.cpuFor(other) };
    this.pairs.begin(parentId, [{ model, cpu }, beside], blind);
  }

  /** Sends the first message that waits; the others follow, each when the reply before it is done. */
  sendWaiting(model: string) {
    if (this.busy || this.elsewhere) return;
    const next = this.#draft.takeNext();
    if (next) this.send(next.text, model, next.attachments);
  }

  #sendNext(ended: Turn, model: string) {
    const sides = this.pairs.of(ended);
    const { id, state } = sides?.find((side) => this.turns.includes(side)) ?? sides?.[0] ?? ended;
    const rival = this.setup.compare?.with;
    const own = sides?.find((side) => side.model !== rival)?.model ?? model;
    const next = state === 'done' && !this.reply ? this.#draft.takeNext() : undefined;
    if (next) this.#ask(next.text, next.attachments, own, id);
  }

  /** Ends the replies under way, or one of them, whichever tab writes them. */
  stop(turn?: Turn) {
    if (turn ? this.#answers.has(turn.id) : this.reply) return this.stopOwn(turn && [turn.id]);
    const all = turn ? [turn] : this.#elsewhere;
    all.forEach(({ id }) => announce({ type: 'stop', message: id }));
    if (all.length === 0) this.tools.stop();
  }

  /** Ends what writes these messages in this tab, or all that is under way here. */
  stopOwn(messageIds?: string[]) {
    this.#answers.stop(messageIds);
    if (!messageIds || messageIds.some((id) => this.tools.has(id))) this.tools.stopWork();
  }

  /** Asks for another version of a reply, or for one to a message that has none; absent: the last. */
  regenerate(model: string, turn = this.turns.at(-1), cpu = this.#turns.cpuFor(model)) {
    if (!turn || this.#id === null || turn === this.elsewhere) return;
    this.stopOwn();
    conversations.touch(this.#id);
    if (turn.role === 'user') return this.#answer(turn.id, model, cpu);
    // What failed behind results of tools is tried again from there.
    const { parentId } = turn.state === 'done' ? this.tools.head(turn) : turn;
    this.#answers.begin(this.#addReply(turn.role === 'tool' ? turn.id : parentId), model, cpu);
  }

  /** Puts another version of a message beside it: of a question one that is sent, of a reply one that stands. */
  edit(turn: Turn, text: string, model: string | null) {
    if (this.#id === null) return;
    this.stopOwn();
    conversations.touch(this.#id);
    if (turn.role === 'user') {
      if (model !== null) this.#ask(text, turn.attachments ?? [], model, turn.parentId);
      return;
    }
    const { role, model: by, thinking, thinkingMs, attachments, cpu } = turn;
    const part = { role, content: text, state: 'done', edited: true, model: by } as const;
    const rest = { thinking, thinkingMs, attachments, cpu };
    void this.#writes.put(this.#turns.write({ ...part, ...rest }, turn.parentId));
  }

  /** Shows the branch of this message that was written last. */
  show({ id }: { id: string }) {
    if (this.#turns.find(id)) this.#turns.show(id);
    if (this.#id !== null && this.#turns.leaf) conversations.show(this.#id, this.#turns.leaf);
    this.#writes.note();
  }

  /** Removes a message and what follows it, in every branch. The function brings them back. */
  remove(turn: Turn): { count: number; undo: () => void } {
    // A reply goes with its calls, unless another version of its end is left.
    const whole = turn.role === 'assistant' && this.versions(turn).length === 1;
    const gone = this.#turns.from(whole ? this.tools.head(turn) : turn);
    const ids = gone.map(({ id }) => id);
    const leaf = this.#turns.leaf;
    this.#lose(ids);
    const name = `${gone[0]!.id}/removed`;
    void this.#writes.save(name, () => ({ remove: ids }));
    const undo = () => {
      if (this.#id === null) return;
      const id = this.#id;
      gone.forEach((one) => (one.stored = false));
      this.#turns.add(gone.filter((one) => !this.#turns.find(one.id)));
      this.#turns.show(leaf);
      void this.#writes.save(name, () => ({ put: gone.map((one) => one.record(id)) }));
    };
    return { count: gone.length, undo };
  }

  /** Goes on with the last reply where it ends. */
  continueReply(model: string, cpu = this.#turns.cpuFor(model)) {
    const last = this.turns.at(-1);
    if (this.reply || this.elsewhere || last?.role !== 'assistant') return;
    this.#answers.begin(last, model, cpu);
  }

  /** From the next reply on the engine may take the graphics adapter again. */
  leaveCpu(turn: Turn) {
    turn.cpu = undefined;
    void this.#writes.put(turn);
  }

  #ended(turn: Turn, reply: Reply) {
    if (this.#id !== null) conversations.touch(this.#id);
    if (turn.state === 'done' && turn.toolCalls) return this.tools.begin(turn, reply.model);
    this.#sendNext(turn, reply.model);
    void titles.replied(this.#id, this.pathTo(turn), reply);
  }

  #goOn(parentId: string, model: string) {
    if (this.reply || !this.#turns.find(parentId)) return;
    this.#answers.begin(this.#addReply(parentId), model, this.#turns.cpuFor(model));
  }

  #addReply(parentId: string | null, marks: Pick<TurnRecord, 'pair' | 'blind'> = {}): Turn {
    return this.#turns.write(
      { role: 'assistant', content: '', state: 'streaming', ...marks },
      parentId,
    );
  }

  #drop(messageIds: string[]) {
    const there = messageIds.flatMap((id) => this.#turns.find(id) ?? []);
    const own = there.filter(({ id }) => this.#isOwn(id));
    this.#lose(there.filter((turn) => !own.includes(turn)).map(({ id }) => id));
    // Whether these are gone, or not there yet, their next write knows.
    own.forEach((turn) => void this.#writes.put(turn));
  }

  /** These are gone from storage; a text that replaced one of them goes into the composer. */
  #lose(ids: string[]) {
    this.stopOwn(ids);
    ids.forEach((id) => this.#writes.forget(id));
    if (ids.length > 0) this.#turns.remove(ids);
    const { editing } = this.#draft;
    if (editing && !this.#turns.find(editing.id)) this.#draft.rescueEdited();
  }

  /** Shows what is stored, but for what this tab writes or could not write yet. */
  #take(records: MessageRecord[]) {
    const others = records.filter(({ id }) => !this.#isOwn(id));
    this.#turns.take(others);
    for (const { id, state } of others) {
      if (state !== 'streaming') continue;
      void follow(this.#turns.find(id)!, () => this.changed(id));
    }
  }

  #isWritten(messageId: string): boolean {
    return this.#answers.has(messageId) || this.tools.has(messageId);
  }

  #isOwn(messageId: string): boolean {
    return this.#isWritten(messageId) || this.#writes.failed(messageId);
  }
}
