/** Tells whose chats the documents of a file are, and gives them out one by one. */
import { FORMAT_VERSION, EXTRA_KINDS, type Chat, type ExtraKind } from '#core/exchange/chat';
import { isChatGpt, readChatGpt } from '#core/exchange/chatgpt';
import { checkChat, type ReadBytes } from '#core/exchange/check-chat';
import { parseJson, type Piece } from '#core/exchange/json-pieces';
import type { LeftOut } from '#core/exchange/left-out';
import { badFile, MOST_CHAT, tooLarge } from '#core/exchange/limits';
import { isLlamaCpp, readLlamaCpp } from '#core/exchange/llama-cpp';
import { isOpenWebUi, readOpenWebUi } from '#core/exchange/open-webui';
import { isObject } from '#core/is-object';

export type Format = 'paddock' | 'llama.cpp' | 'chatgpt' | 'open-webui';

export type Entry =
  | { type: 'chat'; chat: Chat }
  /** Of a backup; `value` is as it was read, for who writes it to check. */
  | { type: 'extra'; kind: ExtraKind; value: unknown };

export class Documents {
  /** Whose; null: nothing was known so far. */
  format: Format | null = null;
  readonly #leftOut: LeftOut;
  readonly #readBytes: ReadBytes | undefined;
  /** What our own document is; null: it is not ours, or its first name is still to come. */
  #ours: string | null = null;
  /** The document, but for the lists that are given out item by item. */
  #object: Record<string, unknown> = {};
  #size = 0;
  /** JSONL with a line for the conversation, and one for each of its messages. */
  #lines: { conv: Record<string, unknown>; messages: unknown[] } | null = null;

  constructor(leftOut: LeftOut, readBytes?: ReadBytes) {
    this.#leftOut = leftOut;
    this.#readBytes = readBytes;
  }

  /** What `piece` completes. @throws PaddockError `bad_file` */
  async *take(piece: Piece): AsyncGenerator<Entry, void, void> {
    if (piece.type === 'end') {
      const object = this.#object;
      const named = Object.keys(object).length > 0;
      this.#object = {};
      this.#size = 0;
      if (named && (this.#ours === null || this.#ours === 'chat')) yield* this.#document(object);
      this.#ours = null;
      return;
    }
    const { key, item, text } = piece;
    const value = parseJson(text);
    if (key === null) return yield* this.#document(value);
    if (key === 'paddock' && typeof value === 'string') {
      this.#ours = value;
      this.format = 'paddock';
    } else if (key === 'version' && this.#ours !== null) checkVersion(value);
    else if (this.#ours !== null && this.#ours !== 'chat') {
      if (item) yield* this.#ownItem(key, value);
    } else this.#add(key, item, value, text.length);
  }

  /** Nothing more will come. */
  async *end(): AsyncGenerator<Entry, void, void> {
    yield* this.#endLines();
  }

  async *#ownItem(key: string, value: unknown): AsyncGenerator<Entry, void, void> {
    if (key === 'chats') {
      const chat = await checkChat(value, this.#leftOut, this.#readBytes);
      if (chat) yield { type: 'chat', chat };
      return;
    }
    const name = key === 'items' ? this.#ours : key;
    const kind = EXTRA_KINDS.find((known) => known === name);
    if (kind) yield { type: 'extra', kind, value };
  }

  #add(key: string, item: boolean, value: unknown, size: number): void {
    this.#size += size;
    if (this.#size > MOST_CHAT) throw tooLarge('One chat in this file', this.#size, MOST_CHAT);
    const before = this.#object[key];
    if (!item) this.#object[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else this.#object[key] = [value];
  }

  /** A whole value: what it says of itself decides who reads it. */
  async *#document(value: unknown): AsyncGenerator<Entry, void, void> {
    if (!isObject(value)) return this.#leftOut.add('bad_chat');
    if (this.#lines && typeof value.convId === 'string') {
      this.#lines.messages.push(value);
      return;
    }
    yield* this.#endLines();
    if (isObject(value.conversation)) {
      this.format = 'paddock';
      const chat = await checkChat(value, this.#leftOut, this.#readBytes);
      if (chat) yield { type: 'chat', chat };
    } else if (isLlamaCpp(value)) yield* this.#foreign('llama.cpp', readLlamaCpp, value);
    else if (isChatGpt(value)) yield* this.#foreign('chatgpt', readChatGpt, value);
    else if (isOpenWebUi(value)) yield* this.#foreign('open-webui', readOpenWebUi, value);
    else if ('currNode' in value) this.#lines = { conv: value, messages: [] };
    else this.#leftOut.add('bad_chat');
  }

  *#endLines(): Generator<Entry, void, void> {
    const lines = this.#lines;
    this.#lines = null;
    if (lines) yield* this.#foreign('llama.cpp', readLlamaCpp, lines);
  }

  *#foreign(
    format: Format,
    read: (value: Record<string, unknown>, leftOut: LeftOut) => Chat | null,
    value: Record<string, unknown>,
  ): Generator<Entry, void, void> {
    this.format = format;
    const chat = read(value, this.#leftOut);
    if (chat) yield { type: 'chat', chat };
  }
}

function checkVersion(value: unknown): void {
  if (typeof value !== 'number' || value <= FORMAT_VERSION) return;
  throw badFile(
    'A newer Paddock wrote this file, in a form that this one does not know.',
    'Reload to get the newest Paddock, and choose the file again.',
  );
}
