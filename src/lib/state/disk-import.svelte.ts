/** Owns what was picked from this device's disk, and its import, which goes on while its reader is on another page. */
import { groupFiles, type DiskFile } from '#core/disk-files';
import { isAbort, toWire, type WireError } from '#core/errors';
import * as m from '#core/messages/disk';
import { CHAT_CONFIG } from '#core/mlc/chat-config';
import { mlcFolders, type MlcFolder } from '#core/mlc/folder';
import { nameKey, parseName } from '#core/names';
import { findStore } from '#core/ollama-store';
import type { DiskEntry } from '$lib/client/disk-entries';
import { inspectFile } from '$lib/client/disk-import';
import { DiskModel, type DiskPart } from './disk-model.svelte';
import { facts } from './facts.svelte';
import { models } from './models.svelte';
import { readStore } from './read-store';
import { voice } from './voice.svelte';

interface PickedFile extends DiskFile {
  size: number;
  open(): Promise<File>;
}

/** A file that is no model's. */
export interface Refused {
  path: string;
  error: WireError;
}

/** Before the key of a model of GGUF files. */
const FILE = 'file ';

class DiskImport {
  #models = $state.raw<DiskModel[]>([]);
  #refused = $state.raw<Refused[]>([]);
  #error = $state.raw<WireError | null>(null);
  #looking = $state(0);
  #empty = $state(false);
  #mending = $state<string | null>(null);
  /** Looked at, and not imported yet: what comes later may belong to it. */
  #picked: PickedFile[] = [];
  #running = false;

  /** In the order in which they were picked. */
  get models() {
    return this.#models;
  }

  get refused() {
    return this.#refused;
  }

  /** Why what was picked could not be read. */
  get error() {
    return this.#error;
  }

  /** Files are being looked at. */
  get looking() {
    return this.#looking > 0;
  }

  /** What was picked last held no model. */
  get empty() {
    return this.#empty;
  }

  /** A damaged model, whose place the next file takes. */
  get mending() {
    return this.#mending;
  }

  get active() {
    return this.#models.some((model) => model.active);
  }

  get chosen() {
    return this.#models.filter((model) => model.open && model.chosen);
  }

  /** Who has the name that `model` would get: a model on this device, or another of this list. */
  nameTaken(model: DiskModel): 'here' | 'list' | null {
    const key = model.nameKey;
    const others = this.chosen.filter((other) => other !== model);
    if (others.some((other) => other.nameKey === key)) return 'list';
    const installed = models.installed ?? [];
    const here = installed.some(({ name }) => nameKey(parseName(name)!) === key);
    return here ? 'here' : null;
  }

  /** The next file that is picked alone gets this name. */
  mend(name: string) {
    this.#mending = name;
  }

  /** Looks at what was picked: headers and manifests, nothing else. */
  async add(picked: Promise<DiskEntry[]>): Promise<void> {
    this.#looking++;
    this.#error = null;
    this.#empty = false;
    try {
      const entries = await picked;
      const store = findStore(entries.map(({ path }) => path));
      if (store) {
        const found = await readStore(store, entries, whole());
        this.#show(found.map((options) => new DiskModel(options)));
      }
      const folders = mlcFolders(entries.map(({ path }) => path));
      if (folders.length > 0) await this.#addFolders(folders, entries);
      // Of a folder, what says to be a model; of files that were chosen one by one, each.
      const taken = new Set(folders.flatMap(({ files }) => [...files.values()]));
      const files = entries.filter(
        ({ path }) => /\.gguf$/i.test(path) || (!path.includes('/') && !taken.has(path)),
      );
      await this.#addFiles(files);
      const found = store || folders.length > 0 || files.length > 0;
      this.#empty = entries.length > 0 && !found;
    } catch (error) {
      if (!isAbort(error)) this.#error = toWire(error, 'storage_failed');
    } finally {
      this.#looking--;
    }
  }

  /** Imports `chosen`, one after the other. */
  async start(chosen: DiskModel[]): Promise<void> {
    for (const model of chosen) model.wait();
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) {
      await next.run();
      if (next.phase !== 'done') continue;
      voice.say(m.disk_done_name({ name: next.name }));
      const { parts } = next;
      this.#picked = this.#picked.filter(({ path }) => !parts.some((part) => part.path === path));
      await models.refresh();
    }
    this.#running = false;
  }

  /** Forgets all that is not under way. */
  clear() {
    this.#models = this.#models.filter((model) => model.active);
    this.#refused = [];
    this.#picked = [];
    this.#error = null;
    this.#empty = false;
    this.#mending = null;
  }

  #next() {
    return this.#models.find(({ phase }) => phase === 'waiting');
  }

  async #addFolders(folders: MlcFolder[], entries: DiskEntry[]): Promise<void> {
    const { readMlcFolder } = await import('./read-mlc');
    const opens = new Map(entries.map(({ path, open }) => [path, open]));
    const read = async (folder: MlcFolder) => {
      const path = folder.files.get(CHAT_CONFIG)!;
      try {
        const found = new DiskModel(await readMlcFolder(folder, (one) => opens.get(one)!()));
        this.#refuse(path, null);
        return [found];
      } catch (error) {
        if (isAbort(error)) throw error;
        this.#refuse(path, toWire(error, 'storage_failed'));
        return [];
      }
    };
    const found = (await Promise.all(folders.map(read))).flat();
    this.#rename(found);
    this.#show(found);
  }

  /** In the place of what was said of this file before. */
  #refuse(path: string, error: WireError | null) {
    const others = this.#refused.filter((one) => one.path !== path);
    this.#refused = error ? [...others, { path, error }] : others;
  }

  /** What was picked just now, and takes the place of a damaged model, gets its name. */
  #rename(found: DiskModel[]) {
    if (this.#mending !== null && found.length === 1) found[0]!.name = this.#mending;
    if (found.length > 0) this.#mending = null;
  }

  async #addFiles(entries: DiskEntry[]): Promise<void> {
    const fresh: string[] = [];
    for (const { path, open } of entries) {
      try {
        const file = await open();
        const facts = await inspectFile(file);
        this.#picked = this.#picked.filter((one) => one.path !== path);
        this.#picked.push({ path, facts, size: file.size, open });
        this.#refuse(path, null);
        fresh.push(path);
      } catch (error) {
        this.#refuse(path, toWire(error, 'storage_failed'));
      }
    }
    const begun = this.#models.filter(({ active }) => active).flatMap(({ parts }) => parts);
    const busy = new Set(begun.map(({ path }) => path));
    const found = groupFiles(this.#picked.filter(({ path }) => !busy.has(path))).map(fileModel);
    const before = new Map(this.#models.map((model) => [model.key, model]));
    for (const model of found) {
      const known = before.get(model.key);
      if (known?.open) model.name = known.name;
    }
    this.#rename(found.filter(({ parts }) => parts.some(({ path }) => fresh.includes(path))));
    // What was not begun is grouped anew: what came now may belong to it.
    const stays = (model: DiskModel) => !isFiles(model) || model.active || model.phase === 'done';
    this.#models = this.#models.filter(stays);
    this.#show(found);
  }

  /** In the place of what was there of them, but for what has begun. */
  #show(found: DiskModel[]) {
    const begun = new Set(this.#models.filter(({ active }) => active).map(({ key }) => key));
    const added = found.filter(({ key }) => !begun.has(key));
    const keys = new Set(added.map(({ key }) => key));
    this.#models = [...this.#models.filter(({ key }) => !keys.has(key)), ...added];
  }
}

/** The installed models that need no file of a disk. */
function whole() {
  const damaged = new Set(facts.all?.filter((one) => one.damaged).map(({ name }) => name));
  return models.installed?.filter(({ name }) => !damaged.has(name)) ?? [];
}

function isFiles({ key }: DiskModel): boolean {
  return key.startsWith(FILE);
}

function fileModel(group: ReturnType<typeof groupFiles<PickedFile>>[number]): DiskModel {
  const { files, name, missing, alone } = group;
  const parts = files.map(({ path, size, open, facts }): DiskPart => ({
    path,
    size,
    open,
    kind: facts.kind,
    digest: null,
  }));
  const of = files[0]!.facts.part?.of ?? 1;
  const incomplete = missing.length > 0 ? ({ type: 'parts', missing, of } as const) : null;
  const problem = alone ? ({ type: 'alone', kind: alone } as const) : incomplete;
  return new DiskModel({ key: FILE + files[0]!.path, name, parts, problem });
}

export const diskImport = new DiskImport();
