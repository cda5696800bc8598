import { draftLock } from '#core/locks';
import { holdIfFree } from '$lib/client/held-locks';
import { deleteDraft, putDraft, readDraft } from '$lib/storage/drafts';
import type { DraftRecord, WaitingMessage } from '$lib/storage/records';
import { conversations } from './conversations.svelte';
import { unsaved } from './unsaved.svelte';

/** A tab that dies without a word loses at most this much of typing. */
const SAVE_AFTER_MS = 400;

/**
 * Owns what is written in one chat and not sent: the composer's text, and messages that wait. Of several tabs
 * in one chat the first to write keeps its own in IndexedDB; each has its own over a reload (see `drafts.ts`).
 */
export class Draft {
  readonly #id: string;
  #text = $state('');
  #attachments = $state.raw<string[]>([]);
  #queue = $state.raw<WaitingMessage[]>([]);
  /** When it was changed last; 0: nobody has written here yet. */
  #changedAt = 0;
  /** Whether storage may have what is older. */
  #stored = false;
  #reading: Promise<void> | undefined;
  #saver: ReturnType<typeof setTimeout> | undefined;
  #release: (() => void) | undefined;
  #closed = false;

  /** `kept`: what the page before this one had. */
  constructor(id: string, kept?: DraftRecord) {
    this.#id = id;
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
    return this.#text === '' && this.#attachments.length === 0 && this.#queue.length === 0;
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
    this.#closed = true;
    clearTimeout(this.#saver);
    this.#release?.();
    this.#release = undefined;
  }

  async #read() {
    try {
      const stored = await readDraft(this.#id);
      if (!stored || stored.updatedAt <= this.#changedAt || !(await this.#mayKeep())) return;
      if (stored.updatedAt <= this.#changedAt) return; // somebody was quicker
      this.#stored = true;
      this.#take(stored);
    } catch (error) {
      this.#reading = undefined; // the next look tries again
      console.warn('What was not sent could not be read:', error);
    }
  }

  #take({ text, attachments, queue, updatedAt }: DraftRecord) {
    this.#text = text;
    this.#attachments = attachments;
    this.#queue = queue;
    this.#changedAt = updatedAt;
  }

  #changed() {
    this.#changedAt = Date.now();
    // What is sent must not come back, whenever the page goes.
    if (this.empty) void this.#save();
    else this.#saver ??= setTimeout(() => void this.#save(), SAVE_AFTER_MS);
  }

  async #save() {
    clearTimeout(this.#saver);
    this.#saver = undefined;
    if ((this.empty && !this.#stored) || !(await this.#mayKeep())) return;
    this.#stored = true;
    const key = `${conversations.key(this.#id)}/draft`;
    await unsaved.write(key, async () => {
      if (!this.empty) return putDraft(this.#record());
      await deleteDraft(this.#id);
      if (!this.empty) return; // written in the meantime
      this.#stored = false;
      this.#release?.();
      this.#release = undefined;
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
    };
  }
}
