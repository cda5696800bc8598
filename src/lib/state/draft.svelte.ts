import { draftLock } from '#core/locks';
import { holdIfFree } from '$lib/client/held-locks';
import { isEmptyDraft } from '$lib/storage/conversations';
import { deleteDraft, putDraft, readDraft } from '$lib/storage/drafts';
import type { DraftRecord, EditedMessage, WaitingMessage } from '$lib/storage/records';
import { conversations } from './conversations.svelte';
import { unsaved } from './unsaved.svelte';

/** A tab that dies without a word loses at most this much of typing. */
const SAVE_AFTER_MS = 400;

/**
 * Owns what is written in one chat and not sent: the composer's text, messages that wait, and one that is edited. Of
 * several tabs in one chat the first to write keeps its own in IndexedDB; each has its own over a reload (see
 * `drafts.ts`).
 */
export class Draft {
  readonly #id: string;
  #text = $state('');
  #attachments = $state.raw<string[]>([]);
  #queue = $state.raw<WaitingMessage[]>([]);
  #editing = $state.raw<EditedMessage | null>(null);
  /** When it was changed last; 0: nobody has written here yet. */
  #changedAt = 0;
  /** The `#changedAt` of what storage has. */
  #writtenAt = 0;
  /** Whether storage may have what is older. */
  #stored = false;
  #reading: Promise<void> | undefined;
  #saver: ReturnType<typeof setTimeout> | undefined;
  #release: (() => void) | undefined;
  #closed = false;

  /** Of the chat before it had a conversation: what was sent from there. */
  readonly #before: Draft | undefined;

  /** `kept`: what the page before this one had. `before`: of which this is the next; what it has is taken over. */
  constructor(id: string, kept?: DraftRecord, before?: Draft) {
    this.#id = id;
    this.#before = before;
    if (before && !before.empty) {
      this.#take(before.#record());
      before.#take({ id: '', text: '', attachments: [], queue: [], updatedAt: 0 });
      before.#changed();
      this.#changed();
    }
    if (!kept) return;
    this.#take(kept);
    this.#stored = true;
    void this.#save();
  }

  get text() {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#changed();
  }

  /** Ids of what goes with the text. */
  get attachments() {
    return this.#attachments;
  }

  set attachments(ids: string[]) {
    this.#attachments = ids;
    this.#changed();
  }

  /** Messages that wait, the first to go first. */
  get queue() {
    return this.#queue;
  }

  set queue(queue: WaitingMessage[]) {
    this.#queue = queue;
    this.#changed();
  }

  /** The message that is edited in its place, and the text so far. */
  get editing() {
    return this.#editing;
  }

  set editing(editing: EditedMessage | null) {
    this.#editing = editing;
    this.#changed();
  }

  /** The message that was edited is not there any more: its text goes into the composer. */
  rescueEdited() {
    const edited = this.#editing?.text ?? '';
    this.#editing = null;
    this.text = [this.#text, edited].filter((text) => text !== '').join('\n\n');
  }

  /** Lets a message wait behind the others. */
  enqueue(text: string) {
    this.queue = [...this.#queue, { text, attachments: this.#attachments }];
    this.attachments = [];
  }

  /** Takes out the message that is to be sent next. */
  takeNext(): WaitingMessage | undefined {
    return this.#queue.length > 0 ? this.dequeue(0) : undefined;
  }

  /** Takes a message that waits back into the composer, in front of what is written there. */
  takeBack(index: number) {
    const waiting = this.dequeue(index);
    if (!waiting) return;
    this.#attachments = [...waiting.attachments, ...this.#attachments];
    this.text = [waiting.text, this.#text].filter((text) => text !== '').join('\n\n');
  }

  /** Takes out a message that waits. */
  dequeue(index: number): WaitingMessage | undefined {
    const waiting = this.#queue[index];
    this.queue = this.#queue.filter((_, at) => at !== index);
    return waiting;
  }

  get empty() {
    return isEmptyDraft(this.#record());
  }

  /** What the next page of this tab has to know; undefined where storage knows as much. */
  get kept(): DraftRecord | undefined {
    return this.empty && !this.#stored ? undefined : this.#record();
  }

  /** Reads what an earlier page left, unless something newer is here, or another tab has it. */
  load(): Promise<void> {
    return (this.#reading ??= this.#read());
  }

  /** Nobody writes here any more; what was written stays in storage. */
  close() {
    if (this.#saver !== undefined && this.empty) void this.#save();
    this.#closed = true;
    this.#unplan();
    this.#letGo();
  }

  async #read() {
    try {
      const stored = await readDraft(this.#id);
      if (!stored || stored.updatedAt <= this.#changedAt || !(await this.#mayKeep())) return;
      if (stored.updatedAt <= this.#changedAt) return; // somebody was quicker
      this.#stored = true;
      this.#take(stored);
      this.#writtenAt = stored.updatedAt;
    } catch (error) {
      this.#reading = undefined; // the next look tries again
      console.warn('What was not sent could not be read:', error);
    }
  }

  #take({ text, attachments, queue, editing, updatedAt }: DraftRecord) {
    this.#text = text;
    this.#attachments = attachments;
    this.#queue = queue;
    this.#editing = editing ?? null;
    this.#changedAt = updatedAt;
  }

  #changed() {
    // Two changes of one millisecond are two.
    this.#changedAt = Math.max(Date.now(), this.#changedAt + 1);
    this.#saver ??= setTimeout(() => void this.#save(), SAVE_AFTER_MS);
  }

  /**
   * Runs a write of messages, which has with it what this draft is now: what is sent stands in one place, whenever the
   * page dies, and in the draft while the storage refuses the message. Rejects as the write does.
   */
  async along<T>(write: (drafts: DraftRecord[]) => Promise<T>): Promise<T> {
    const own = [this, ...(this.#before ? [this.#before] : [])].filter((one) => one.#unwritten);
    own.forEach((one) => one.#unplan());
    const records = own.map((one) => one.#record());
    const result = await write(records);
    own.forEach((one, place) => {
      one.#wrote(records[place]!);
      if (!one.#unwritten) unsaved.drop(one.#key);
    });
    return result;
  }

  /** Whether it is this tab's to write, and storage has something else. */
  get #unwritten(): boolean {
    return this.#release !== undefined && this.#changedAt !== this.#writtenAt;
  }

  #unplan() {
    clearTimeout(this.#saver);
    this.#saver = undefined;
  }

  #wrote(record: DraftRecord) {
    this.#writtenAt = record.updatedAt;
    this.#stored = !isEmptyDraft(record);
    if (!this.#stored && this.empty) this.#letGo();
  }

  #letGo() {
    this.#release?.();
    this.#release = undefined;
  }

  get #key(): string {
    return `${conversations.key(this.#id)}/draft`;
  }

  async #save() {
    this.#unplan();
    if ((this.empty && !this.#stored) || !(await this.#mayKeep())) return;
    this.#stored = true;
    await unsaved.write(this.#key, async () => {
      const record = this.#record();
      await (isEmptyDraft(record) ? deleteDraft(this.#id) : putDraft(record));
      this.#wrote(record);
    });
  }

  /** False where another tab keeps the draft of this chat. */
  async #mayKeep(): Promise<boolean> {
    if (this.#release) return true;
    const release = await holdIfFree(draftLock(this.#id));
    if (!release) return this.#release !== undefined; // asked for twice at once
    this.#release = release;
    if (this.#closed) this.close();
    return !this.#closed;
  }

  #record(): DraftRecord {
    return {
      ...{ id: this.#id, text: this.#text, attachments: [...this.#attachments] },
      ...{ queue: [...this.#queue], updatedAt: this.#changedAt },
      ...(this.#editing && { editing: { ...this.#editing } }),
    };
  }
}
