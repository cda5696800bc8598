import * as m from '#core/messages/commands';
import { groupChats } from '$lib/state/chat-groups';
import { conversations } from '$lib/state/conversations.svelte';
import { door } from '$lib/state/door.svelte';
import { folders } from '$lib/state/folders.svelte';
import { deleteChat } from '$lib/ui/shell/delete-chat';
import type { Command } from './command';
import { goToChat, goToNewChat } from './go';
import { here } from './here.svelte';
import { overlays, type Overlay } from './overlay.svelte';

/** The list's record of the chat that is shown; undefined for one without a message. */
function record() {
  const id = here.chat?.id;
  return id ? conversations.find(id) : undefined;
}

/** What is changed in a tab that may not lead would be changed behind the leader's back. */
function changeable() {
  return door.ready && record() !== undefined;
}

/** The chat above (-1) or below the one that is shown, as the sidebar lists them. */
function beside(by: 1 | -1): string | undefined {
  const listed = groupChats(conversations.listed, folders.all, new Date())
    .filter(({ folder }) => !folder || !folders.isShut(folder.id))
    .flatMap(({ chats }) => chats);
  const at = listed.findIndex(({ id }) => id === here.chat?.id);
  return at === -1 && by === -1 ? undefined : listed[at + by]?.id;
}

function step(by: 1 | -1) {
  const id = beside(by);
  if (id !== undefined) goToChat(id);
}

function opens(overlay: Overlay) {
  return () => {
    overlays.open = overlay;
  };
}

export const CHAT_COMMANDS: readonly Command[] = [
  {
    id: 'new',
    group: 'chats',
    label: m.commands_new,
    words: m.commands_new_words,
    keys: ['Mod+Shift+O'],
    possible: () => !door.closed,
    run: goToNewChat,
  },
  {
    id: 'search',
    group: 'chats',
    label: m.commands_search,
    words: m.commands_search_words,
    keys: ['/'],
    possible: () => conversations.listed.length > 0,
    run: () => {
      overlays.searching = true;
    },
  },
  {
    id: 'previous',
    group: 'chats',
    label: m.commands_previous,
    words: m.commands_previous_words,
    keys: ['Alt+ArrowUp'],
    macKeys: ['Mod+Alt+ArrowUp'], // ⌥ alone goes by paragraphs there
    possible: () => beside(-1) !== undefined,
    run: () => step(-1),
  },
  {
    id: 'next',
    group: 'chats',
    label: m.commands_next,
    words: m.commands_next_words,
    keys: ['Alt+ArrowDown'],
    macKeys: ['Mod+Alt+ArrowDown'],
    possible: () => beside(1) !== undefined,
    run: () => step(1),
  },
  {
    id: 'setup',
    group: 'chats',
    label: m.commands_setup,
    words: m.commands_setup_words,
    possible: () => here.chat !== null && here.model !== null,
    run: opens('setup'),
  },
  {
    id: 'statistics',
    group: 'chats',
    label: m.commands_statistics,
    words: m.commands_statistics_words,
    possible: () => record() !== undefined,
    run: opens('statistics'),
  },
  {
    id: 'rename',
    group: 'chats',
    label: m.commands_rename,
    words: m.commands_rename_words,
    keys: ['Mod+Shift+E'],
    possible: changeable,
    run: opens('rename'),
  },
  {
    id: 'pin',
    group: 'chats',
    label: () => (record()?.pinned ? m.commands_unpin() : m.commands_pin()),
    words: m.commands_pin_words,
    possible: changeable,
    run: () => {
      const chat = record();
      if (chat) conversations.pin(chat.id, !chat.pinned);
    },
  },
  {
    id: 'export',
    group: 'chats',
    label: m.commands_export,
    words: m.commands_export_words,
    possible: () => record() !== undefined,
    run: opens('export'),
  },
  {
    id: 'delete',
    group: 'chats',
    label: m.commands_delete,
    words: m.commands_delete_words,
    keys: ['Mod+Shift+D'],
    possible: changeable,
    run: () => {
      const chat = record();
      if (chat) deleteChat(chat);
    },
  },
  {
    id: 'trash',
    group: 'chats',
    label: m.commands_trash,
    words: m.commands_trash_words,
    possible: () => conversations.trashed.length > 0,
    run: opens('trash'),
  },
  {
    id: 'votes',
    group: 'chats',
    label: m.commands_votes,
    words: m.commands_votes_words,
    possible: () => !door.closed,
    run: opens('votes'),
  },
];
