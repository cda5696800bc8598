import * as m from '#core/messages/list';
import type { ConversationRecord, FolderRecord } from '$lib/storage/records';

/** A part of the sidebar's list. */
export interface ChatGroup {
  key: string;
  label: string;
  folder?: FolderRecord;
  chats: ConversationRecord[];
}

/** Pinned ones, folders (empty ones too), then the rest by the day of their last message; no other group is empty. */
export function groupChats(
  chats: readonly ConversationRecord[],
  folders: readonly FolderRecord[],
  now: Date,
): ChatGroup[] {
  const pinned: ChatGroup = { key: 'pinned', label: m.list_pinned(), chats: [] };
  const drawers = new Map<string, ChatGroup>();
  for (const folder of folders) {
    drawers.set(folder.id, { key: folder.id, label: folder.name, folder, chats: [] });
  }
  const days = [
    { key: 'today', label: m.list_today(), since: dayStart(now, 0) },
    { key: 'yesterday', label: m.list_yesterday(), since: dayStart(now, 1) },
    { key: 'week', label: m.list_week(), since: dayStart(now, 7) },
    { key: 'older', label: m.list_older(), since: -Infinity },
  ].map((day) => ({ ...day, chats: [] as ConversationRecord[] }));
  for (const chat of chats) {
    const drawer = drawers.get(chat.folder ?? '');
    const day = days.find(({ since }) => chat.updatedAt >= since) ?? days.at(-1)!;
    (chat.pinned ? pinned : (drawer ?? day)).chats.push(chat);
  }
  const full = days.filter(({ chats }) => chats.length > 0);
  return [
    ...(pinned.chats.length > 0 ? [pinned] : []),
    ...drawers.values(),
    ...full.map(({ key, label, chats }) => ({ key, label, chats })),
  ];
}

/** Midnight, so many days back, on this device's calendar: some days have 23 hours. */
function dayStart(now: Date, back: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - back).getTime();
}
