import { deleteFolder, listFolders, parseFolder, putFolder } from '$lib/storage/folders';

import type { FolderRecord } from '$lib/storage/records';
import { keepOverReload, takeKept } from './over-reload';
import { unsaved } from './unsaved.svelte';

/** Ids of the folders that are shut on this device. */
const SHUT = 'paddock-shut-folders';

const KEPT = 'paddock-folders';

/** Owns the folders; which conversation lies in which, its record says. */
class Folders {
  #all = $state.raw<FolderRecord[]>([]);
  #shut = $state.raw<readonly string[]>(readShut());
  /** Changed here and not in storage yet; null: deleted. */
  #own = new Map<string, FolderRecord | null>();
  /** What the page before this one changed and could not store. */
  #kept = takeKept(KEPT);

  constructor() {
    keepOverReload(KEPT, () => [...this.#kept, ...this.#own]);
  }

  /** By name. */
  get all() {
    return this.#all;
  }

  /** Reads them; what is not saved yet stays. @throws PaddockError */
  async load() {
    const stored = await listFolders();
    const own = [...this.#own.values()].filter((one) => one !== null);
    this.#take([...stored.filter(({ id }) => !this.#own.has(id)), ...own]);
    for (const entry of this.#kept.splice(0)) {
      const [id, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
      const record = parseFolder(value);
      if (typeof id === 'string' && (value === null || record?.id === id)) this.#write(id, record);
    }
  }

  /** Undefined for one that is gone. */
  find(id: string | undefined): FolderRecord | undefined {
    return this.#all.find((one) => one.id === id);
  }

  /** A new one; its id. */
  create(name: string): string {
    const record = { id: crypto.randomUUID(), name: name.trim(), createdAt: Date.now() };
    this.#write(record.id, record);
    return record.id;
  }

  rename(id: string, name: string) {
    const record = this.find(id);
    if (record && name.trim() !== '') this.#write(id, { ...record, name: name.trim() });
  }

  /** Its conversations are back in the list. */
  remove(id: string) {
    this.#write(id, null);
  }

  isShut(id: string): boolean {
    return this.#shut.includes(id);
  }

  toggle(id: string) {
    const others = this.#shut.filter((one) => one !== id);
    this.#shut = this.isShut(id) ? others : [...others, id];
    try {
      localStorage.setItem(SHUT, JSON.stringify(this.#shut));
    } catch {
      // Refused or full: it holds for this page.
    }
  }

  #write(id: string, record: FolderRecord | null) {
    this.#own.set(id, record);
    this.#take([...this.#all.filter((one) => one.id !== id), ...(record ? [record] : [])]);
    void unsaved.write(`folder:${id}`, async () => {
      await (record ? putFolder(record) : deleteFolder(id));
      if (this.#own.get(id) === record) this.#own.delete(id);
    });
  }

  #take(all: FolderRecord[]) {
    this.#all = all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }
}

function readShut(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(SHUT) ?? '[]');
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch {
    return []; // refused, damaged, or prerendered
  }
}

export const folders = new Folders();
