/** Files and folders that somebody picked or dropped, by any of the browser's three ways. Nothing is read yet. */
import { PaddockError } from '#core/errors';

export interface DiskEntry {
  /** With its folders, from the one that was picked. */
  path: string;
  open(): Promise<File>;
}

/** A home folder that was dropped by mistake has millions. */
export const MAX_ENTRIES = 50_000;

/** What Chromium has and the DOM types lack. */
interface FolderPicker {
  showDirectoryPicker?(options: { id: string }): Promise<FileSystemDirectoryHandle>;
}

/** Of an `<input type="file">`, with `webkitdirectory` or without. */
export function entriesOfList(files: Iterable<File>): DiskEntry[] {
  const entries: DiskEntry[] = [];
  for (const file of files) {
    add(entries, file.webkitRelativePath || file.name, () => Promise.resolve(file));
  }
  return entries;
}

export function hasFolderPicker(): boolean {
  return 'showDirectoryPicker' in globalThis;
}

/** Asks for a folder; empty when the person chose none. Only where `hasFolderPicker`. */
export async function pickFolder(): Promise<DiskEntry[]> {
  const folder = await (globalThis as FolderPicker).showDirectoryPicker?.({ id: 'models' });
  const entries: DiskEntry[] = [];
  if (folder) await walkHandle(folder, `${folder.name}/`, entries);
  return entries;
}

/** To be called while the event is handled: the browser forgets what was dropped right after. */
export async function entriesOfDrop({ items }: DataTransfer): Promise<DiskEntry[]> {
  const dropped = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const entries: DiskEntry[] = [];
  for (const { entry, file } of dropped) {
    if (entry) await walkEntry(entry, '', entries);
    // What another page made has no place on the disk.
    else if (file) add(entries, file.name, () => Promise.resolve(file));
  }
  return entries;
}

function add(entries: DiskEntry[], path: string, open: () => Promise<File>): void {
  if (entries.length >= MAX_ENTRIES) {
    const message = `more than ${MAX_ENTRIES} files were chosen at once`;
    throw new PaddockError('bad_request', message);
  }
  entries.push({ path, open });
}

async function walkHandle(folder: FileSystemDirectoryHandle, path: string, entries: DiskEntry[]) {
  for await (const handle of folder.values()) {
    if (handle.kind === 'file') add(entries, path + handle.name, () => handle.getFile());
    else await walkHandle(handle, `${path}${handle.name}/`, entries);
  }
}

async function walkEntry(entry: FileSystemEntry, path: string, entries: DiskEntry[]) {
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    const open = () => new Promise<File>((resolve, reject) => file.file(resolve, reject));
    return add(entries, path + entry.name, open);
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const next = () =>
    new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  // Chromium gives a hundred at a time.
  for (let some = await next(); some.length > 0; some = await next()) {
    for (const one of some) await walkEntry(one, `${path}${entry.name}/`, entries);
  }
}
