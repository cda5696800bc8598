import { conversations } from '$lib/state/conversations.svelte';
import { folders } from '$lib/state/folders.svelte';
import type { ConversationRecord, FolderRecord } from '$lib/storage/records';
import type { MenuItem } from '$lib/ui/common/Menu.svelte';

interface ChatActions {
  rename: () => void;
  newFolder: () => void;
  export: () => void;
  remove: (event: MouseEvent) => void;
}

/** What can be done with a chat in the list. */
export function chatMenu(
  { id, pinned, folder }: ConversationRecord,
  actions: ChatActions,
): MenuItem[] {
  const inFolder = folders.find(folder);
  const places = folders.all.map((one) => ({
    label: one.name,
    checked: one === inFolder,
    run: () => conversations.move(id, one.id),
  }));
  const none = { label: 'No folder', checked: !inFolder, run: () => conversations.move(id, null) };
  return [
    { label: 'Rename…', run: actions.rename },
    pinned
      ? { label: 'Unpin', run: () => conversations.pin(id, false) }
      : { label: 'Pin', run: () => conversations.pin(id, true) },
    {
      label: 'Move to folder…',
      opens: [none, ...places, { label: 'New folder…', run: actions.newFolder }],
    },
    { label: 'Export…', run: actions.export },
    { label: 'Delete', danger: true, run: actions.remove },
  ];
}

/** What can be done with a folder. */
export function folderMenu({ id }: FolderRecord, rename: () => void): MenuItem[] {
  return [
    { label: 'Rename…', run: rename },
    { label: 'Delete folder, keep its chats', danger: true, run: () => folders.remove(id) },
  ];
}
