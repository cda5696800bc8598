/** Our own format. `docs/chats.md` describes it. */
import { toBase64 } from '#core/exchange/base64';
import { FORMAT_VERSION, type Chat, type ChatFile, type ExtraKind } from '#core/exchange/chat';

/** The path of an attachment beside the chat; null: its bytes stand in the JSON. */
export type PathOf = (file: ChatFile) => string | null;

/** One chat as an item of a list. */
export function chatItem({ conversation, messages, files }: Chat, pathOf?: PathOf): string {
  const attachments = files.map(({ bytes, text, conversationId: _, ...file }) => {
    const path = pathOf?.(file as ChatFile) ?? null;
    if (path !== null) return { ...file, file: path };
    return {
      ...file,
      ...(text === undefined ? {} : { text }),
      ...(bytes && { data: toBase64(bytes) }),
    };
  });
  return JSON.stringify({ conversation, messages, attachments });
}

/** One chat as a file of its own. */
export function chatFileJson(chat: Chat, pathOf?: PathOf): string {
  return `${head('chat')}${chatItem(chat, pathOf).slice(1)}\n`;
}

/** What comes before the items of a file with many chats, between them, and behind them. */
export function chatsFrame(folders: object[]): { before: string; between: string; after: string } {
  const before = `${head('chats')}"folders":${JSON.stringify(folders)},\n"chats":[\n`;
  return { before, between: ',\n', after: '\n]}\n' };
}

export function extrasJson(kind: ExtraKind, items: unknown[]): string {
  return `${head(kind)}"items":[\n${items.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`;
}

/** What a ZIP of ours is. */
export function manifestJson(what: 'chats' | 'backup', madeAt: number): string {
  return `${head(what)}"madeAt":${JSON.stringify(new Date(madeAt).toISOString())}}\n`;
}

function head(what: string): string {
  return `{"paddock":${JSON.stringify(what)},"version":${FORMAT_VERSION},`;
}
