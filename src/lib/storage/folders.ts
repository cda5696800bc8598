/** Folders of conversations in the page's database. Every function rejects with a PaddockError. */
import { isObject } from '#core/is-object';
import { announce } from './changes';
import { withDatabase } from './database';
import { isTime } from './guards';
import type { FolderRecord } from './records';

/** All folders; a record that cannot be used is left out. */
export function listFolders(): Promise<FolderRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAll('folders');
    return values.map(parseFolder).filter((record) => record !== null);
  });
}

/** Writes the folder, new or renamed. */
export async function putFolder(record: FolderRecord): Promise<void> {
  await withDatabase((db) => db.put('folders', record));
  announce({ type: 'folders' });
}

/** Its conversations need no change: a folder that is gone is none. */
export async function deleteFolder(id: string): Promise<void> {
  await withDatabase((db) => db.delete('folders', id));
  announce({ type: 'folders' });
}

/** Null: it cannot be used. */
export function parseFolder(value: unknown): FolderRecord | null {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.name !== 'string')
    return null;
  const { id, name, createdAt } = value;
  const named = name.trim() === '' ? 'Untitled folder' : name;
  return { id, name: named, createdAt: isTime(createdAt) ? createdAt : 0 };
}
