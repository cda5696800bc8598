/** A chat of our own format, as far as it can be used; what storage alone knows is checked there. */
import { isEncoding } from '#core/attachments/encoding';
import { fromBase64 } from '#core/exchange/base64';
import type { Chat, ChatFile, ChatHead, ChatMessage } from '#core/exchange/chat';
import type { LeftOut } from '#core/exchange/left-out';
import { MOST_MESSAGES, MOST_TITLE } from '#core/exchange/limits';
import { isPlausibleTime, soundTree } from '#core/exchange/tree';
import { isObject } from '#core/is-object';

/** Longer ones are no ids: they would be part of every key and address. */
const MOST_ID = 300;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_ID;
}

/** The bytes of an attachment that stands beside the chat in a ZIP; null: it is not there. */
export type ReadBytes = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Null where nothing of it can be used. */
export async function checkChat(
  value: unknown,
  leftOut: LeftOut,
  readBytes: ReadBytes = () => Promise.resolve(null),
): Promise<Chat | null> {
  if (!isObject(value) || !isObject(value.conversation) || !Array.isArray(value.messages)) {
    leftOut.add('bad_chat');
    return null;
  }
  const { id, title, createdAt, updatedAt } = value.conversation;
  if (!isId(id) || value.messages.length > MOST_MESSAGES) {
    leftOut.add('bad_chat');
    return null;
  }
  const messages = value.messages.flatMap((one) => checkMessage(one, id, leftOut) ?? []);
  if (messages.length === 0) {
    leftOut.add('empty_chat');
    return null;
  }
  const times = messages.map((one) => one.createdAt);
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const conversation: ChatHead = {
    ...value.conversation,
    id,
    title: typeof title === 'string' ? cutTitle(title) : '',
    createdAt: isPlausibleTime(createdAt) ? createdAt : first,
    updatedAt: isPlausibleTime(updatedAt) ? updatedAt : last,
  };
  const listed: unknown[] = Array.isArray(value.attachments) ? value.attachments : [];
  const files: ChatFile[] = [];
  for (const one of listed) {
    const file = await checkFile(one, id, readBytes);
    if (file) files.push(file);
    else leftOut.add('bad_file');
  }
  return { conversation, messages: soundTree(messages, leftOut), files };
}

/** No longer than a title may be, and no half of a character at its end. */
export function cutTitle(title: string): string {
  return title.length <= MOST_TITLE ? title : title.slice(0, MOST_TITLE).replace(/\p{Cs}/gu, '');
}

function checkMessage(value: unknown, chat: string, leftOut: LeftOut): ChatMessage | null {
  const role = isObject(value) ? value.role : undefined;
  if (
    !isObject(value) ||
    !isId(value.id) ||
    typeof value.content !== 'string' ||
    (role !== 'user' && role !== 'assistant' && role !== 'tool')
  ) {
    leftOut.add('bad_message');
    return null;
  }
  const { id, content, createdAt, parentId, state } = value;
  if (!isPlausibleTime(createdAt)) leftOut.add('bad_time');
  return {
    ...value,
    ...{ id, role, content, conversationId: chat },
    parentId: isId(parentId) ? parentId : null,
    createdAt: isPlausibleTime(createdAt) ? createdAt : 0,
    // Nobody writes it any more.
    state: state === 'streaming' ? 'cut' : typeof state === 'string' ? state : 'done',
  };
}

const KINDS = ['text', 'pdf', 'image'] as const;

async function checkFile(
  value: unknown,
  chat: string,
  readBytes: ReadBytes,
): Promise<ChatFile | null> {
  if (!isObject(value) || !isId(value.id) || typeof value.name !== 'string') return null;
  const { id, name, type, size, createdAt, data, file } = value;
  const kind = KINDS.find((known) => known === value.kind);
  if (!kind) return null;
  const bytes =
    typeof data === 'string'
      ? fromBase64(data)
      : typeof file === 'string'
        ? await readBytes(file)
        : null;
  const beside = kind !== 'image' && bytes ? new TextDecoder().decode(bytes) : undefined;
  const text = typeof value.text === 'string' ? value.text : beside;
  if (kind === 'image' ? !bytes : text === undefined) return null;
  return {
    ...{ id, conversationId: chat, name, kind },
    type: typeof type === 'string' ? type : 'application/octet-stream',
    size: isCount(size) ? size : 0,
    createdAt: isPlausibleTime(createdAt) ? createdAt : 0,
    ...(kind === 'image' ? { bytes: bytes! } : { text }),
    ...(isEncoding(value.encoding) ? { encoding: value.encoding } : {}),
    ...(isCount(value.pages) ? { pages: value.pages } : {}),
    ...(isCount(value.width) ? { width: value.width } : {}),
    ...(isCount(value.height) ? { height: value.height } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
