/** Changes of conversations that are not in storage yet, over a reload. */
import { isObject } from '#core/is-object';
import { withChange, type ConversationChange } from '$lib/storage/conversations';
import { parseConversation } from '$lib/storage/guards';
import type { ConversationRecord } from '$lib/storage/records';

const FIELDS = ['title', 'titledBy', 'deletedAt', 'leaf', 'setup', 'pinned', 'folder'] as const;

/** What is taken away is null: JSON has no `undefined`. */
export function toKept(id: string, change: ConversationChange): unknown {
  return [
    id,
    Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? null])),
  ];
}

/** The change of one of these conversations; null: none of it can be used. */
export function fromKept(
  entry: unknown,
  find: (id: string) => ConversationRecord | undefined,
): { id: string; change: ConversationChange } | null {
  const [id, kept] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const known = typeof id === 'string' ? find(id) : undefined;
  if (!known || !isObject(kept)) return null;
  const named = FIELDS.filter((name) => name in kept);
  const given = Object.fromEntries(named.map((name) => [name, kept[name] ?? undefined]));
  const whole = parseConversation(withChange(known, given));
  if (!whole) return null;
  return { id: known.id, change: Object.fromEntries(named.map((name) => [name, whole[name]])) };
}
