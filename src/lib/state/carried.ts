/**
 * Messages that the storage refused, over a reload of this tab: the page after it writes them. In sessionStorage,
 * which has a room of its own.
 */
import { isObject } from '#core/is-object';
import { writeMessages } from '$lib/storage/conversations';
import { readDraft } from '$lib/storage/drafts';
import { parseConversation } from '$lib/storage/guards';
import { parseMessage } from '$lib/storage/message-guard';
import type { ConversationRecord, MessageRecord } from '$lib/storage/records';
import { conversations } from './conversations.svelte';
import { unsaved } from './unsaved.svelte';

const KEY = 'paddock-unsaved';

export interface Carried {
  conversation: ConversationRecord;
  /** Whether the conversation itself was refused too. */
  isNew: boolean;
  messages: MessageRecord[];
}

/** Brought here by the page before, and not written yet. */
const pending = new Map<string, Carried>();

/** Calls `refused` when the page goes, and keeps that for the next page of this tab. */
export function keepRefused(refused: () => Carried[]): void {
  if (typeof addEventListener === 'undefined') return; // where pages are prerendered
  addEventListener('pagehide', () => {
    const all = [...pending.values(), ...refused()];
    try {
      if (all.length > 0) sessionStorage.setItem(KEY, JSON.stringify(all));
      else sessionStorage.removeItem(KEY);
    } catch (error) {
      console.warn('Messages that were not saved cannot be kept over a reload:', error);
    }
  });
}

/** Writes what the page before this one could not; `written` is called with the id of each conversation. */
export async function bringBack(written: (id: string) => void): Promise<void> {
  for (const one of take()) {
    const { id } = one.conversation;
    pending.set(id, one);
    await unsaved.write(`${conversations.key(id)}/carried`, async () => {
      const { conversation, isNew, messages } = one;
      await writeMessages({ put: messages, drafts: await madeOf(messages) }, conversation, isNew);
      pending.delete(id);
      if (pending.size === 0) sessionStorage.removeItem(KEY);
      await conversations.changed([id]);
      written(id);
    });
  }
}

/** A tab that died with the first message of a chat unsaved has left it in the box for new chats. */
async function madeOf(messages: readonly MessageRecord[]) {
  const draft = await readDraft('');
  const sent = draft && messages.some(({ content }) => content === draft.text.trim());
  return sent ? [{ ...draft, text: '', attachments: [] }] : [];
}

function take(): Carried[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return (Array.isArray(kept) ? kept : []).map(parse).filter((one) => one !== null);
  } catch {
    return []; // no storage, or a damaged entry
  }
}

function parse(value: unknown): Carried | null {
  if (!isObject(value) || !Array.isArray(value.messages)) return null;
  const conversation = parseConversation(value.conversation);
  const messages = value.messages.map(parseMessage).filter((one) => one !== null);
  return conversation && { conversation, isNew: value.isNew === true, messages };
}
