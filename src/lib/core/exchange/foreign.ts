/** What the formats of other programs have in common: nodes of a tree, some of which are no messages here. */
import type { Chat, ChatFile, ChatMessage } from '#core/exchange/chat';
import { cutTitle } from '#core/exchange/check-chat';
import type { LeftOut } from '#core/exchange/left-out';
import { MOST_MESSAGES } from '#core/exchange/limits';
import { isPlausibleTime, soundTree } from '#core/exchange/tree';

export interface ForeignNode {
  id: string;
  parent: string | null;
  /** Null: what follows it follows what it followed. */
  message:
    | (Pick<ChatMessage, 'role' | 'content'> &
        Partial<
          Pick<
            ChatMessage,
            'model' | 'thinking' | 'toolCalls' | 'toolCallId' | 'toolName' | 'stats'
          >
        > & { time: unknown; files?: ForeignFile[] })
    | null;
}

export type ForeignFile = Pick<ChatFile, 'name' | 'kind' | 'type'> &
  Partial<Pick<ChatFile, 'text' | 'bytes'>>;

export interface ForeignChat {
  /** Begins all ids, so that two programs' never meet. */
  source: string;
  id: string;
  title: unknown;
  createdAt: unknown;
  updatedAt: unknown;
  /** The last node of the branch that is shown. */
  current: string | null;
  system?: string;
  nodes: ForeignNode[];
}

/** A number of seconds or milliseconds since the epoch as milliseconds; null for anything else. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'number' || !(value > 0)) return null;
  // 100,000,000,000 s are the year 5138, as many ms are 1973.
  const ms = value < 1e11 ? Math.round(value * 1000) : value;
  return isPlausibleTime(ms) ? ms : null;
}

/** Null where there is no message in it. */
export function toChat(foreign: ForeignChat, leftOut: LeftOut): Chat | null {
  const { nodes, source, system } = foreign;
  if (nodes.length > MOST_MESSAGES) {
    leftOut.add('bad_chat');
    return null;
  }
  const chat = `${source}-${foreign.id}`;
  const byId = new Map(nodes.map((one) => [one.id, one]));
  const kept = (id: string | null) => keptFrom(byId, id);
  const files: ChatFile[] = [];
  const begun = timeOf(foreign.createdAt) ?? 0;
  let before = begun;
  const messages: ChatMessage[] = [];
  for (const { id, parent, message } of nodes) {
    if (!message) continue;
    const { time, files: given = [], ...said } = message;
    if (timeOf(time) === null && time !== undefined && time !== null) leftOut.add('bad_time');
    before = timeOf(time) ?? before + 1;
    const follows = kept(parent);
    const own = given.map((file, place) => ({
      ...{ id: `${chat}/${id}/${place}`, conversationId: chat, createdAt: before },
      size: file.bytes?.length ?? new TextEncoder().encode(file.text).length,
      ...file,
    }));
    files.push(...own);
    messages.push({
      ...{ id: `${chat}/${id}`, conversationId: chat, createdAt: before, state: 'done' },
      parentId: follows === null ? null : `${chat}/${follows}`,
      ...said,
      ...(own.length > 0 ? { attachments: own.map((one) => one.id) } : {}),
    });
  }
  if (messages.length === 0) {
    leftOut.add('empty_chat');
    return null;
  }
  const leaf = kept(foreign.current);
  const last = messages.reduce((latest, one) => Math.max(latest, one.createdAt), 0);
  const { title } = foreign;
  const first = messages[0]!.content
    .trim()
    .split('\n', 1)[0]!
    .slice(0, 60)
    .replace(/\p{Cs}/gu, '');
  return {
    conversation: {
      id: chat,
      title: typeof title === 'string' && title.trim() !== '' ? cutTitle(title) : first,
      createdAt: begun || messages[0]!.createdAt,
      updatedAt: timeOf(foreign.updatedAt) ?? last,
      ...(leaf !== null ? { leaf: `${chat}/${leaf}` } : {}),
      ...(system ? { setup: { system } } : {}),
    },
    messages: soundTree(messages, leftOut),
    files,
  };
}

/** The nearest node with a message, from `id` up; null: there is none. An id that nobody has stays. */
function keptFrom(byId: Map<string, ForeignNode>, id: string | null): string | null {
  const seen = new Set<string>();
  for (let at = id; at !== null && !seen.has(at); at = byId.get(at)!.parent) {
    seen.add(at);
    const node = byId.get(at);
    if (!node || node.message) return at;
  }
  return null;
}
