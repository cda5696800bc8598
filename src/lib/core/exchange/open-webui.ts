/** Chats as Open WebUI exports them: a list of `{ chat: { title, history: { messages, currentId } } }`. */
import type { Chat } from '#core/exchange/chat';
import { toChat, type ForeignNode } from '#core/exchange/foreign';
import type { LeftOut } from '#core/exchange/left-out';
import { isObject } from '#core/is-object';

export function isOpenWebUi({ chat }: Record<string, unknown>): boolean {
  return isObject(chat) && isObject(chat.history) && isObject(chat.history.messages);
}

/** Null where there is no message in it. */
export function readOpenWebUi(value: Record<string, unknown>, leftOut: LeftOut): Chat | null {
  const chat = value.chat as Record<string, unknown>;
  const history = chat.history as { messages: Record<string, unknown>; currentId?: unknown };
  const nodes = Object.entries(history.messages).map(([id, one]): ForeignNode => {
    const parent = isObject(one) && typeof one.parentId === 'string' ? one.parentId : null;
    return { id, parent, message: messageOf(one, leftOut) };
  });
  const { system } = chat;
  const title = chat.title ?? value.title;
  const id = value.id ?? chat.id;
  return toChat(
    {
      source: 'open-webui',
      id:
        typeof id === 'string' && id !== ''
          ? id.slice(0, 100)
          : `${String(chat.timestamp)} ${String(title).slice(0, 100)}`,
      title,
      createdAt: value.created_at ?? chat.timestamp,
      updatedAt: value.updated_at,
      current: typeof history.currentId === 'string' ? history.currentId : null,
      ...(typeof system === 'string' && system !== '' ? { system } : {}),
      nodes,
    },
    leftOut,
  );
}

function messageOf(value: unknown, leftOut: LeftOut): ForeignNode['message'] {
  if (!isObject(value) || typeof value.content !== 'string') {
    leftOut.add('bad_message');
    return null;
  }
  const { role, content, model, timestamp, files } = value;
  if (Array.isArray(files)) leftOut.add('foreign_part', files.length);
  if (role === 'system') {
    leftOut.add('system');
    return null;
  }
  if (role !== 'user' && role !== 'assistant') {
    leftOut.add('bad_message');
    return null;
  }
  if (content.trim() === '') {
    leftOut.add('no_text');
    return null;
  }
  return {
    ...{ role, content, time: timestamp },
    ...(role === 'assistant' && typeof model === 'string' ? { model } : {}),
  };
}
