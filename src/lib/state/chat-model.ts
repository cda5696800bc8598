/** Which model answers in a chat. */
import type { ChatSetup } from '$lib/storage/records';
import { models } from './models.svelte';
import { settings } from './settings.svelte';

/** Of `Chat`, what its model hangs on. */
interface ModelOfChat {
  /** Null: it has no message yet. */
  readonly id: string | null;
  readonly setup: ChatSetup;
  set(change: Partial<ChatSetup>): void;
}

interface AnsweringModel {
  /** Null: there is none to answer. */
  model: string | null;
  /** The chat's own, where it is not on this device. */
  gone: string | null;
}

/** The chat's own model, or the one chosen for new chats; where nothing here writes, neither. */
export function chatModel({ setup: { model: own } }: ModelOfChat): AnsweringModel {
  if (own === undefined || models.chats.length === 0) return { model: models.chosen, gone: null };
  return models.chats.includes(own) ? { model: own, gone: null } : { model: null, gone: own };
}

/** In a chat that has begun it is for this chat; before, for it and for the chats that are begun after it. */
export function chooseModel(chat: ModelOfChat, name: string): void {
  if (chat.id === null) {
    settings.set('model', name);
    if (chat.setup.model !== undefined) chat.set({ model: undefined });
  } else if (name !== chat.setup.model) chat.set({ model: name });
}
