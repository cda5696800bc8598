import type { ChatMessage } from '#core/engine';
import { toWire, type WireError } from '#core/errors';
import { whileBusy } from '$lib/client/busy';
import { deleteMessage, listMessages, putMessage } from '$lib/storage/conversations';
import { conversations } from './conversations.svelte';
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

  get loaded() {
    return this.#loaded;
  }

  /** Why the messages could not be read. */
  get error() {
    return this.#error;
  }

  /** Reads the messages, once; nobody streams into a conversation that is read, so a reply is cut there. */
  load(): Promise<void> {
    if (this.#loaded || this.#id === null) return Promise.resolve();
    return (this.#reading ??= this.#read(this.#id));
  }

  async #read(id: string) {
    this.#error = null;
    try {
      const records = await listMessages(id);
      this.#turns = records.map(
        (record) => new Turn(record.state === 'streaming' ? { ...record, state: 'cut' } : record),
      );
      this.#loaded = true;
    } catch (error) {
      this.#error = toWire(error);
      this.#reading = undefined;
    }
  }

  /** Sends `text` and streams the reply; returns the conversation's id, new or not. */
  send(text: string, model: string): string {
    this.#id ??= conversations.create(text).id;
    conversations.touch(this.#id);
    this.#write(this.#add({ role: 'user', content: text, state: 'done' }));
    this.#answer(this.#add({ role: 'assistant', content: '', state: 'streaming' }), model);
    return this.#id;
  }

  stop() {
    this.#reply?.stop();
  }

  /** Drops the last reply and asks for another. */
  regenerate(model: string) {
    const last = this.#turns.at(-1);
    if (this.#reply || !last) return;
    if (last.role === 'assistant') {
      this.#turns = this.#turns.slice(0, -1);
      void unsaved.write(this.#key(last), () => deleteMessage(last.id));
    }
    this.#answer(this.#add({ role: 'assistant', content: '', state: 'streaming' }), model);
  }

  /** Goes on with the last reply where it ends. */
  continueReply(model: string) {
    const last = this.#turns.at(-1);
    if (this.#reply || last?.role !== 'assistant') return;
    this.#answer(last, model);
  }

  #answer(turn: Turn, model: string) {
    const leave = () => {
      replies.remove(reply);
      if (this.#reply === reply) this.#reply = null;
    };
    const reply = new Reply(turn, model, this.#history(), (ended) => {
      if (ended) {
        // What is left for the reply to do must not hold up the next one.
        leave();
        if (this.#id !== null) conversations.touch(this.#id);
      }
      this.#write(turn);
    });
    this.#reply = reply;
    replies.add(reply);
    // Before the wait for the lock: a reload in that time must find a reply to try again.
    this.#write(turn);
    void whileBusy(() => reply.run()).finally(leave);
  }

  /** What the model is told: everything with text; a reply that is continued comes last. */
  #history(): ChatMessage[] {
    return this.#turns
      .filter(({ content }) => content !== '')
      .map(({ role, content }) => ({ role, content }));
  }

  #add(part: Pick<Turn, 'role' | 'content' | 'state'>): Turn {
    // Messages are read back in the order of this time: two of one millisecond would change places.
    const createdAt = Math.max(Date.now(), (this.#turns.at(-1)?.createdAt ?? 0) + 1);
    const turn = new Turn({ id: crypto.randomUUID(), createdAt, ...part });
    this.#turns = [...this.#turns, turn];
    return turn;
  }

  #write(turn: Turn) {
    const id = this.#id;
    if (id === null || !this.#turns.includes(turn)) return;
    void unsaved.write(this.#key(turn), async () => {
      // Looked up at each try: a retry must not bring back an old title, nor a conversation that was purged.
      // One whose deletion can still be undone is written.
      const conversation = conversations.known(id);
      if (conversation) await putMessage(turn.record(id), conversation);
    });
  }

  #key(turn: Turn): string {
    return `${conversations.key(this.#id ?? '')}/message:${turn.id}`;
  }
}
