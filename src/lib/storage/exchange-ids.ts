/** New ids for a chat whose own are taken: the same chat gets the same ones again, so that it is known when it comes twice. */
import { digestHex, digestOf } from '#core/digest';
import type { ChatRecords } from './exchange-guard';

/** @param salt another one gives other ids */
export async function withNewIds(records: ChatRecords, salt = ''): Promise<ChatRecords> {
  const text = salt + canonical(records);
  const hex = digestHex(await digestOf(new TextEncoder().encode(text)));
  const chat = `copy-${hex.slice(0, 32)}`;
  const { conversation, messages, attachments } = records;
  const ids = new Map<string, string>();
  [...messages, ...attachments].forEach(({ id }, place) => ids.set(id, `${chat}/${place}`));
  const renamed = (id: string) => ids.get(id) ?? id;
  return {
    conversation: {
      ...conversation,
      id: chat,
      ...(conversation.leaf === undefined ? {} : { leaf: renamed(conversation.leaf) }),
    },
    messages: messages.map((one) => ({
      ...one,
      id: renamed(one.id),
      conversationId: chat,
      parentId: one.parentId === null ? null : renamed(one.parentId),
      ...(one.attachments ? { attachments: one.attachments.map(renamed) } : {}),
    })),
    attachments: attachments.map((one) => ({
      ...one,
      id: renamed(one.id),
      conversationId: chat,
    })),
  };
}

/** JSON whose names are in order, so that two records with the same content have the same. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) && !(one instanceof Blob)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one instanceof Blob
        ? one.size
        : one,
  );
}
