/** What a conversation is made of, as it is kept on the device. Times in milliseconds since the epoch. */
import type { TextEncoding } from '#core/attachments/encoding';
import type { BenchRun } from '#core/bench/run';
import type { RanOn } from '#core/engine-words';
import type { ChatOptions, ChatThink } from '#core/chat-setup';
import type { TokenLogprob } from '#core/engine';
import type { WireError } from '#core/errors';

export interface ConversationRecord {
  id: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  /** In the trash since. */
  deletedAt?: number;
  /** Who named it; absent: its first words did. */
  titledBy?: 'person' | 'model';
  /** The last message of the branch that is shown; absent, or gone: the branch written last. */
  leaf?: string;
  pinned?: true;
  /** The id of its folder; one that is gone is none. */
  folder?: string;
  setup?: ChatSetup;
}

/** What a person set for one chat; absent: the model's own. */
export interface ChatSetup {
  /** The model that answers here; absent: the one chosen for new chats. */
  model?: string;
  /** The system prompt; empty: none, in the place of the model's own. */
  system?: string;
  options?: ChatOptions;
  think?: ChatThink;
  /** The text of a JSON Schema, as it was written; empty: any JSON. */
  format?: string;
  /** Log-probabilities of this many alternatives are asked for and kept. */
  logprobs?: number;
  /** Names of the tools that may be called. */
  tools?: string[];
  /** Rounds of calls before a person is asked to go on. */
  toolSteps?: number;
  /** Each message is answered twice, side by side. */
  compare?: CompareSetup;
}

export interface CompareSetup {
  /** The model beside the chat's own; empty: none was chosen yet, and one answers. */
  with: string;
  /** Names and figures are hidden until the vote, and the sides are drawn by lot. */
  blind?: true;
}

/** A drawer for conversations. */
export interface FolderRecord {
  id: string;
  name: string;
  createdAt: number;
}

/** A text that `/` brings into the composer; `{{name}}` in it is asked for. */
export interface PromptRecord {
  id: string;
  /** What is typed behind `/`. */
  name: string;
  text: string;
  updatedAt: number;
}

/** What somebody wrote, and has not sent. */
export interface DraftRecord {
  /** The conversation's id; empty: a chat that has no message yet. */
  id: string;
  text: string;
  /** Ids of attachments. */
  attachments: string[];
  /** Messages that wait for the reply under way. */
  queue: WaitingMessage[];
  /** The message that is edited in its place, and the text so far. */
  editing?: EditedMessage;
  updatedAt: number;
}

export interface EditedMessage {
  id: string;
  text: string;
}

export interface WaitingMessage {
  text: string;
  /** Ids of attachments. */
  attachments: string[];
}

/** A file that was added to a message, as the model is given it. */
export interface AttachmentRecord {
  id: string;
  /** The conversation's; empty while that has no message yet. */
  conversationId: string;
  name: string;
  /** The media type. */
  type: string;
  /** Bytes of the file as it was chosen. */
  size: number;
  createdAt: number;
  kind: 'text' | 'pdf' | 'image';
  /** Of a text, or of a PDF's pages. */
  text?: string;
  /** What the text was written in, where it was not UTF-8. */
  encoding?: TextEncoding;
  pages?: number;
  /** Of an image: as it is shown and sent, resized. */
  image?: Blob;
  /** Pixels. */
  width?: number;
  height?: number;
}

/** Which of two replies to one prompt a person liked better. */
export interface VoteRecord {
  /** The `pair` of the two replies. */
  id: string;
  createdAt: number;
  /** The id of their conversation, which may be gone, or be called otherwise after a restore. */
  chat?: string;
  /** Names were hidden when the vote was cast. */
  blind?: true;
  prompt: string;
  sides: [VoteSide, VoteSide];
  vote: 'left' | 'right' | 'tie' | 'neither';
}

export interface VoteSide {
  model: string;
  content: string;
  stats?: ReplyStats;
}

/** `streaming` is only true while somebody streams: read back from storage, it means `cut`. */
export type MessageState = 'done' | 'streaming' | 'stopped' | 'cut' | 'failed';

export interface MessageRecord {
  id: string;
  conversationId: string;
  /** The message that it follows; null: it begins the conversation. Several of one parent are its alternatives. */
  parentId: string | null;
  createdAt: number;
  role: 'user' | 'assistant' | 'tool';
  content: string;
  state: MessageState;
  /** What the model thought before `content`. */
  thinking?: string;
  /** Milliseconds that it thought. */
  thinkingMs?: number;
  /** A person wrote it, in the place of the reply that stands beside it. */
  edited?: true;
  /** Shared by two replies to one question that stand side by side, the earlier first. */
  pair?: string;
  /** Of a pair: model and figures are hidden until a person votes. */
  blind?: true;
  /** Ids of attachments. */
  attachments?: string[];
  /** Of an assistant's message: what it asks for, in order. */
  toolCalls?: ToolCallRecord[];
  /** Of a tool's message: the call that it answers, and the tool. */
  toolCallId?: string;
  toolName?: string;
  /** Milliseconds that the tool ran; absent where it did not. */
  toolMs?: number;
  /** Of `content`, token by token, where they were asked for. */
  logprobs?: TokenLogprob[];
  /** What it was to keep to: the text of a JSON Schema; empty: any JSON. */
  format?: string;
  error?: WireError;
  model?: string;
  /** It was asked to keep to the CPU, and so are those after it. */
  cpu?: true;
  stats?: ReplyStats;
}

export interface ToolCallRecord {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  /** Absent: nobody has answered yet. */
  answer?: 'allowed' | 'refused';
}

/** The figures of one reply. Durations in milliseconds. */
export interface ReplyStats {
  /** `engine`: its own counts. `page`: pieces counted here, since a stopped reply brings no counts. */
  measured: 'engine' | 'page';
  reason: 'stop' | 'length' | 'stopped';
  replyTokens: number;
  evalMs: number;
  promptTokens?: number;
  /** From sending to the first piece of text, as the page saw it; loading included. */
  firstTokenMs?: number;
  /** Absent when the model was loaded already. */
  loadMs?: number;
  ranOn?: RanOn;
  /** Tokens that the context held. */
  contextLength?: number;
}

/** A benchmark in the history. */
export interface BenchRecord {
  /** Its run's. */
  id: string;
  savedAt: number;
  /** The name of the file that brought it here. */
  from?: string;
  run: BenchRun;
}
