import { SvelteMap } from 'svelte/reactivity';
import { badFile, MOST_FILES } from '#core/attachments/limits';
import { isAbort, toWire, type WireError } from '#core/errors';
import type { PdfPage } from '#core/pdf';
import * as storage from '$lib/storage/attachments';
import type { AttachmentRecord } from '$lib/storage/records';
import type { Chat } from './chat.svelte';
import { conversations } from './conversations.svelte';
import { models } from './models.svelte';
import { readFile } from './read-file';
import { unsaved } from './unsaved.svelte';

/** A draft of another tab may name what is younger, and have told nobody. */
const SWEEP_AFTER_MS = 24 * 60 * 60 * 1000;

/** The files that the page has read; null: one that is not there any more. */
class Attachments {
  #known = new SvelteMap<string, AttachmentRecord | null>();
  #swept = false;

  /** Those of these that are there, as far as they have been read. */
  of(ids: readonly string[]): AttachmentRecord[] {
    return ids.map((id) => this.#known.get(id)).filter((record) => !!record);
  }

  /** Reads those that nobody has read yet. @throws PaddockError */
  async read(ids: readonly string[]): Promise<AttachmentRecord[]> {
    const missing = ids.filter((id) => !this.#known.get(id));
    if (missing.length > 0) {
      const found = await storage.readAttachments(missing);
      for (const id of missing) this.#known.set(id, found.find((one) => one.id === id) ?? null);
    }
    return this.of(ids);
  }

  /** @throws PaddockError */
  async keep(record: AttachmentRecord): Promise<void> {
    await storage.putAttachment(record);
    this.#known.set(record.id, record);
  }

  /** Says whose they are, after the first message of a chat. */
  adopt(ids: readonly string[], conversationId: string) {
    if (ids.length === 0) return;
    // Where it is not written, no export of the chat has them.
    const key = `${conversations.key(conversationId)}/files:${ids.join()}`;
    void unsaved.write(key, () => storage.adoptAttachments(ids, conversationId));
  }

  /** A draft names these no more: what nobody else names goes. */
  drop(ids: readonly string[]) {
    logged(storage.deleteOrphans(ids));
  }

  /** Removes, once, what messages left behind that were deleted days ago, and what a lost tab's draft did. */
  sweep() {
    if (this.#swept) return;
    this.#swept = true;
    const run = async () =>
      storage.deleteOrphans(await storage.attachmentsBefore(Date.now() - SWEEP_AFTER_MS));
    logged(run());
  }
}

/** What stays behind takes space, and is swept later. */
function logged(work: Promise<unknown>) {
  work.catch((error: unknown) => console.warn('Files of messages were not put in order:', error));
}

export const attachments = new Attachments();

/** What a chat is called whose first message is files alone. */
export function firstName(ids: readonly string[]): string {
  return attachments.of(ids)[0]?.name ?? 'Untitled chat';
}

/** A file that is being read. */
export class Reading {
  readonly name: string;
  readonly stopper = new AbortController();
  progress = $state.raw<PdfPage | null>(null);

  constructor(name: string) {
    this.name = name;
  }
}

interface Problem {
  file: File;
  error: WireError;
  /** Whether the same file may be added another time: it is not the file's fault. */
  again: boolean;
}

/** What is being added to the message of one chat. */
export class Tray {
  readonly #chat: Chat;
  #readings = $state.raw<Reading[]>([]);
  #problems = $state.raw<Problem[]>([]);

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  get readings() {
    return this.#readings;
  }

  /** Why files were not added. */
  get problems() {
    return this.#problems;
  }

  dismiss() {
    this.#problems = [];
  }

  /** Adds those another time for which there was no room, or no reader. */
  retry(model: string): Promise<void> {
    const files = this.#problems.filter(({ again }) => again).map(({ file }) => file);
    return this.add(files, model);
  }

  /** Reads the files, one after the other, and adds what a model can be given. */
  async add(files: readonly File[], model: string): Promise<void> {
    this.#problems = [];
    const begun = files.map((file) => ({ file, reading: new Reading(file.name) }));
    this.#readings = [...this.#readings, ...begun.map(({ reading }) => reading)];
    for (const { file, reading } of begun) {
      try {
        reading.stopper.signal.throwIfAborted();
        await this.#addOne(file, reading, model);
      } catch (error) {
        if (!isAbort(error)) {
          const wire = toWire(error);
          const again = wire.code !== 'bad_file';
          this.#problems = [...this.#problems, { file, error: wire, again }];
        }
      }
      this.#readings = this.#readings.filter((one) => one !== reading);
    }
  }

  async #addOne(file: File, reading: Reading, model: string) {
    const { unsent } = this.#chat;
    if (unsent.attachments.length >= MOST_FILES) {
      const remedy = 'Send these first, or remove one.';
      throw badFile(`A message takes ${MOST_FILES} files at most.`, remedy);
    }
    const content = await readFile(file, {
      sees: canSee(model),
      signal: reading.stopper.signal,
      told: (page) => (reading.progress = page),
    });
    const id = crypto.randomUUID();
    const whose = { id, conversationId: this.#chat.id ?? '', createdAt: Date.now() };
    await attachments.keep({ ...whose, ...content });
    // Another draft is the chat's by now where its first message was sent in between.
    const draft = this.#chat.unsent;
    draft.attachments = [...draft.attachments, id];
  }

  remove(id: string) {
    const { unsent } = this.#chat;
    unsent.attachments = unsent.attachments.filter((one) => one !== id);
    // The draft in storage may name it for some moments yet, and keeps it then: the sweep finds it.
    setTimeout(() => attachments.drop([id]), 1000);
  }
}

const trays = new WeakMap<Chat, Tray>();

/** A chat's own: what is being read goes on while its reader is elsewhere. */
export function trayOf(chat: Chat): Tray {
  const known = trays.get(chat) ?? new Tray(chat);
  trays.set(chat, known);
  return known;
}

/** By what `/api/tags` says of it. */
export function canSee(model: string): boolean {
  const installed = models.installed?.find(({ name }) => name === model);
  return (
    (installed as { capabilities?: string[] } | undefined)?.capabilities?.includes('vision') ??
    false
  );
}
