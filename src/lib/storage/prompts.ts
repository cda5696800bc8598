/** Texts that `/` brings, in the page's database. Every function rejects with a PaddockError. */
import { isObject } from '#core/is-object';
import { announce } from './changes';
import { withDatabase } from './database';
import { isTime } from './guards';
import type { PromptRecord } from './records';

/** A record that cannot be used is left out. */
export function listPrompts(): Promise<PromptRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAll('prompts');
    return values.map(parsePrompt).filter((record) => record !== null);
  });
}

export async function putPrompt(record: PromptRecord): Promise<void> {
  await withDatabase((db) => db.put('prompts', record));
  announce({ type: 'prompts' });
}

export async function deletePrompt(id: string): Promise<void> {
  await withDatabase((db) => db.delete('prompts', id));
  announce({ type: 'prompts' });
}

function parsePrompt(value: unknown): PromptRecord | null {
  if (!isObject(value)) return null;
  const { id, name, text, updatedAt } = value;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') return null;
  return { id, name, text, updatedAt: isTime(updatedAt) ? updatedAt : 0 };
}
