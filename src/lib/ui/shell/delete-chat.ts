import * as m from '#core/messages/list';
import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { conversations } from '$lib/state/conversations.svelte';
import { toasts } from '$lib/state/toasts.svelte';
import type { ConversationRecord } from '$lib/storage/records';
import { openConversation } from './open-conversation';

/** Puts a chat into the trash, with a way back; its reply ends. */
export function deleteChat({ id, title }: ConversationRecord) {
  stopReply(id);
  const open = id === openConversation();
  conversations.remove(id);
  if (open) void goto(resolve('/'), { replaceState: true });
  const undo = () => {
    conversations.restore(id);
    if (open) void goto(resolve(`/?c=${encodeURIComponent(id)}`));
  };
  toasts.show({ text: m.list_deleted({ title }), action: { label: m.list_undo(), run: undo } });
}

/** Not on the first route's bill; where the chunk cannot be had, no chat is open that could reply. */
function stopReply(id: string) {
  import('$lib/state/chats.svelte').then(
    ({ chats }) => chats.stop(id),
    () => {},
  );
}
