/** A chat on its way out of a Paddock or into one. Times in milliseconds since the epoch. */

import type { TextEncoding } from '#core/attachments/encoding';

/** What every format knows of a conversation; a value may hold more, which storage checks. */
export interface ChatHead {
  id: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  /** The last message of the branch that is shown. */
  leaf?: string;
  /** A folder's id. */
  folder?: string;
  setup?: { model?: string; system?: string };
}

export interface ChatMessage {
  id: string;
  conversationId: string;
  parentId: string | null;
  createdAt: number;
  role: 'user' | 'assistant' | 'tool';
  content: string;
  state: string;
  model?: string;
  thinking?: string;
  /** Ids of files. */
  attachments?: string[];
  toolCalls?: { id: string; name: string; arguments: Record<string, unknown> }[];
  toolCallId?: string;
  toolName?: string;
  /** Milliseconds that the tool ran. */
  toolMs?: number;
  /** A reply's figures. */
  stats?: object;
}

/** An attachment; `bytes` are an image's. */
export interface ChatFile {
  id: string;
  conversationId: string;
  name: string;
  type: string;
  size: number;
  createdAt: number;
  kind: 'text' | 'pdf' | 'image';
  text?: string;
  /** What the text was written in, where it was not UTF-8. */
  encoding?: TextEncoding;
  pages?: number;
  width?: number;
  height?: number;
  bytes?: Uint8Array<ArrayBuffer>;
}

export interface Chat {
  conversation: ChatHead;
  messages: ChatMessage[];
  files: ChatFile[];
}

/** What a backup holds beside chats, each in a file of its own. */
export const EXTRA_KINDS = [
  'folders',
  'prompts',
  'votes',
  'drafts',
  'settings',
  'benches',
  'presets',
] as const;

export type ExtraKind = (typeof EXTRA_KINDS)[number];

/** Of our own files; a greater one was written by a newer Paddock. */
export const FORMAT_VERSION = 1;
