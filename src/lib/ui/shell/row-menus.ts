import * as m from '#core/messages/list';
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
  const none = {
    label: m.list_menu_no_folder(),
    checked: !inFolder,
    run: () => conversations.move(id, null),
  };
  return [
    { label: m.list_menu_rename(), run: actions.rename },
    pinned
      ? { label: m.list_menu_unpin(), run: () => conversations.pin(id, false) }
      : { label: m.list_menu_pin(), run: () => conversations.pin(id, true) },
    {
      label: m.list_menu_move(),
      opens: [none, ...places, { label: m.list_menu_new_folder(), run: actions.newFolder }],
    },
    { label: m.list_menu_export(), run: actions.export },
    { label: m.list_menu_delete(), danger: true, run: actions.remove },
  ];
}

/** What can be done with a folder. */
export function folderMenu({ id }: FolderRecord, rename: () => void): MenuItem[] {
  return [
    { label: m.list_menu_rename(), run: rename },
    { label: m.list_menu_delete_folder(), danger: true, run: () => folders.remove(id) },
  ];
}
