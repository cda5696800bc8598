/** What an import did, in sentences. */
import * as m from '#core/messages/exchange';
import type { ExtraKind } from '#core/exchange/chat';
import { leftOutSentence } from '#core/exchange/left-out';
import type { Brought } from '$lib/state/exchange/bring-in.svelte';
import type { Counts } from '$lib/state/exchange/import-file';

type Counted = (said: { count: number }) => string;

const NAMES: Record<ExtraKind, Counted> = {
  folders: m.exchange_counted_folders,
  prompts: m.exchange_counted_prompts,
  votes: m.exchange_counted_votes,
  drafts: m.exchange_counted_drafts,
  settings: m.exchange_counted_settings,
  benches: m.exchange_counted_benches,
  presets: m.exchange_counted_presets,
};

function extrasOf(counts: Record<ExtraKind, number>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => NAMES[kind as ExtraKind]({ count }));
}

/** What a backup holds, one entry a line. */
export function contents({ chats, messages, extras }: Counts): string[] {
  return [
    m.exchange_counted_chats({ count: chats.new }),
    m.exchange_counted_messages({ count: messages }),
    ...extrasOf(extras.new),
  ];
}

/** What came of a file; the first sentence says the most. */
export function outcome({ counts, summary }: Brought): string[] {
  const { chats, extras, lacking } = counts;
  const written = chats.new + chats.copied + chats.completed;
  const sentences = [written === 0 ? m.exchange_none() : m.exchange_imported({ count: written })];
  const add = (count: number, say: Counted) => {
    if (count > 0) sentences.push(say({ count }));
  };
  if (summary?.cut) sentences.push(m.exchange_cut());
  add(chats.here, m.exchange_here);
  add(chats.completed, m.exchange_completed);
  add(chats.copied, m.exchange_copied);
  for (const what of extrasOf(extras.new)) sentences.push(m.exchange_restored({ what }));
  for (const what of extrasOf(extras.here)) sentences.push(m.exchange_already({ what }));
  for (const what of extrasOf(extras.kept)) sentences.push(m.exchange_differs({ what }));
  for (const what of extrasOf(extras.bad)) sentences.push(m.exchange_unreadable({ what }));
  for (const one of lacking) sentences.push(m.exchange_lacking(one));
  const leftOut = new Map(summary?.leftOut);
  if (chats.bad > 0) leftOut.set('bad_chat', (leftOut.get('bad_chat') ?? 0) + chats.bad);
  for (const [reason, count] of leftOut) sentences.push(leftOutSentence(reason, count));
  return sentences;
}
