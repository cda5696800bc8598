/** What an import did, in sentences. */
import type { ExtraKind } from '#core/exchange/chat';
import { leftOutSentence } from '#core/exchange/left-out';
import { formatCount } from '#core/format';
import type { Brought } from '$lib/state/exchange/bring-in.svelte';
import type { Counts } from '$lib/state/exchange/import-file';

const NAMES: Record<ExtraKind, [one: string, more: string]> = {
  folders: ['1 folder', '# folders'],
  prompts: ['1 prompt', '# prompts'],
  votes: ['1 vote', '# votes'],
  drafts: ['1 draft', '# drafts'],
  settings: ['1 setting', '# settings'],
  benches: ['1 benchmark', '# benchmarks'],
  presets: ['1 preset', '# presets'],
};

function counted(count: number, [one, more]: readonly [string, string]): string {
  return count === 1 ? one : more.replace('#', formatCount(count));
}

export function chatsCounted(count: number): string {
  return counted(count, ['1 chat', '# chats']);
}

function extrasOf(counts: Record<ExtraKind, number>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => counted(count, NAMES[kind as ExtraKind]));
}

/** What a backup holds, one entry a line. */
export function contents({ chats, messages, extras }: Counts): string[] {
  const said = counted(messages, ['1 message', '# messages']);
  return [chatsCounted(chats.new), said, ...extrasOf(extras.new)];
}

/** What came of a file; the first sentence says the most. */
export function outcome({ counts, summary }: Brought): string[] {
  const { chats, extras, lacking } = counts;
  const written = chats.new + chats.copied + chats.completed;
  const sentences = [
    written === 0
      ? 'No chat was imported.'
      : counted(written, ['1 chat was imported.', '# chats were imported.']),
  ];
  const add = (count: number, one: string, more: string) => {
    if (count > 0) sentences.push(counted(count, [one, more]));
  };
  if (summary?.cut) {
    sentences.push('The file ends in the middle: what came before that was read.');
  }
  add(chats.here, '1 chat was here already.', '# chats were here already.');
  add(chats.completed, '1 of them was here in part.', '# of them were here in part.');
  add(
    chats.copied,
    '1 of them differs from the one that is here, and stands beside it.',
    '# of them differ from those that are here, and stand beside them.',
  );
  for (const one of extrasOf(extras.new)) sentences.push(`Restored: ${one}.`);
  for (const one of extrasOf(extras.here)) sentences.push(`Here already: ${one}.`);
  for (const one of extrasOf(extras.kept)) {
    sentences.push(`Differs from what is here, which stays: ${one}.`);
  }
  for (const one of extrasOf(extras.bad)) sentences.push(`Cannot be read: ${one}.`);
  for (const { preset, model } of lacking) {
    sentences.push(`The preset “${preset}” needs ${model}: download it, and restore again.`);
  }
  const leftOut = new Map(summary?.leftOut);
  if (chats.bad > 0) leftOut.set('bad_chat', (leftOut.get('bad_chat') ?? 0) + chats.bad);
  for (const [reason, count] of leftOut) sentences.push(leftOutSentence(reason, count));
  return sentences;
}
