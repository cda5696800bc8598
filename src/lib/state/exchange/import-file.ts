/** A file's chats into the database; of a backup, all else too. */
import type { Entry } from '#core/exchange/documents';
import { EXTRA_KINDS, type ExtraKind } from '#core/exchange/chat';
import type { FileSummary } from '#core/exchange/read-file';
import { withExchange } from '$lib/client/exchange';
import { installedModels } from '$lib/client/paddock';
import { writeExtra } from '$lib/storage/exchange-extras';
import { tellChats, writeChat, type Outcome } from '$lib/storage/exchange-write';
import { conversations } from '../conversations.svelte';
import { folders } from '../folders.svelte';
import { prompts } from '../prompts.svelte';
import { votes } from '../votes.svelte';
import type { Work } from './export-chats';
import { restoreSetting } from './kept-settings';
import { restorePreset } from './presets';

/** What has come in so far. */
export interface Counts {
  chats: Record<Outcome | 'bad', number>;
  /** In those that are new, completed or copied. */
  messages: number;
  extras: Record<'new' | 'here' | 'kept' | 'bad', Record<ExtraKind, number>>;
  /** Presets whose model is not here, with its name. */
  lacking: { preset: string; model: string }[];
}

export function noCounts(): Counts {
  const none = () =>
    Object.fromEntries(EXTRA_KINDS.map((kind) => [kind, 0])) as Record<ExtraKind, number>;
  return {
    chats: { new: 0, completed: 0, here: 0, copied: 0, bad: 0 },
    messages: 0,
    extras: { new: none(), here: none(), kept: none(), bad: none() },
    lacking: [],
  };
}

export function looksLikeBackup(file: Blob, signal: AbortSignal): Promise<boolean> {
  return withExchange((worker) => worker.call('isBackup', { file }, { signal }).result);
}

/** Counts what `file` holds, and writes nothing. @throws PaddockError */
export async function surveyFile(file: Blob, work: Work): Promise<Counts> {
  const counts = noCounts();
  await read(file, work, async (entry) => {
    if (entry.type === 'chat') {
      counts.chats.new++;
      counts.messages += entry.chat.messages.length;
    } else counts.extras.new[entry.kind]++;
  });
  return counts;
}

/**
 * Writes what `file` holds; what was written before it fails, or is stopped, stays and is in `counts`.
 * @throws PaddockError
 */
export async function importFile(file: Blob, counts: Counts, work: Work): Promise<FileSummary> {
  const ids: string[] = [];
  let installed: Set<string> | undefined;
  const names = async () => new Set((await installedModels()).map(({ name }) => name));
  const take = async (entry: Entry) => {
    if (entry.type === 'chat') {
      const written = await writeChat(entry.chat);
      counts.chats[written?.outcome ?? 'bad']++;
      if (!written || written.outcome === 'here') return;
      counts.messages += entry.chat.messages.length;
      ids.push(written.id);
    } else if (entry.kind === 'presets') {
      const outcome = await restorePreset(entry.value, (installed ??= await names()));
      if (typeof outcome === 'string') counts.extras[outcome].presets++;
      else counts.lacking.push({ preset: nameOf(entry.value), model: outcome.lacking });
    } else if (entry.kind === 'settings') {
      counts.extras[(await restoreSetting(entry.value)) ? 'new' : 'bad'].settings++;
    } else counts.extras[await writeExtra(entry.kind, entry.value)][entry.kind]++;
  };
  try {
    return await read(file, work, take);
  } finally {
    tellChats(ids);
    if (ids.length > 0) await conversations.load();
    await Promise.all([prompts.again(), votes.again(), folders.load()]);
  }
}

function nameOf(value: unknown): string {
  return String((value as { name?: unknown }).name);
}

function read(
  file: Blob,
  { signal, onProgress }: Work,
  take: (entry: Entry) => Promise<void>,
): Promise<FileSummary> {
  return withExchange(async (worker) => {
    const call = worker.call('read', { file }, { signal });
    for await (const event of call) {
      signal.throwIfAborted();
      if (event.type === 'progress') onProgress(event.read, event.size);
      else await take(event);
    }
    return call.result;
  });
}
