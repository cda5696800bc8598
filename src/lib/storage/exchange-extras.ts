/** What a backup has beside chats, one entry at a time. What is here stays. Rejects with a PaddockError. */
import { readRun } from '#core/bench/read-run';
import type { ExtraKind } from '#core/exchange/chat';
import { isObject } from '#core/is-object';
import { putBench, readBench } from './benches';
import { withDatabase } from './database';
import { parseDraft, parseFolder, parsePrompt, parseVote } from './exchange-guard';
import { canonical } from './exchange-ids';
import type { BenchRecord } from './records';

/** `here`: the same was here. `kept`: another was, under its id, and stays. `bad`: it cannot be used. */
export type ExtraOutcome = 'new' | 'here' | 'kept' | 'bad';

/** Those that are records with an id; settings and presets are other people's to write. */
export type StoredKind = Exclude<ExtraKind, 'settings' | 'presets'>;

const GUARDS = {
  folders: parseFolder,
  prompts: parsePrompt,
  votes: parseVote,
  drafts: parseDraft,
} as const;

export async function writeExtra(kind: StoredKind, value: unknown): Promise<ExtraOutcome> {
  if (kind === 'benches') return writeBench(value);
  const record = GUARDS[kind](value);
  if (!record) return 'bad';
  return withDatabase(async (db) => {
    const transaction = db.transaction(kind, 'readwrite');
    const before = await transaction.store.get(record.id);
    if (!before) await transaction.store.put(record);
    await transaction.done;
    if (!before) return 'new';
    return canonical(GUARDS[kind](before)) === canonical(record) ? 'here' : 'kept';
  });
}

async function writeBench(value: unknown): Promise<ExtraOutcome> {
  if (!isObject(value)) return 'bad';
  let record: BenchRecord;
  try {
    const run = readRun(value.run);
    const { savedAt, from } = value;
    record = {
      ...{ id: run.id, run },
      savedAt: typeof savedAt === 'number' ? savedAt : Date.now(),
      ...(typeof from === 'string' ? { from } : {}),
    };
  } catch {
    return 'bad';
  }
  if (await readBench(record.id)) return 'here';
  await putBench(record);
  return 'new';
}
