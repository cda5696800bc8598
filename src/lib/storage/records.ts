/** What a conversation is made of, as it is kept on the device. Times in milliseconds since the epoch. */
import type { BenchRun } from '#core/bench/run';
import type { RanOn } from '#core/engine-words';
import type { WireError } from '#core/errors';

export interface ConversationRecord {
  id: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  /** Set while a deletion can still be undone. */
  deletedAt?: number;
}

/** `streaming` is only true while somebody streams: read back from storage, it means `cut`. */
export type MessageState = 'done' | 'streaming' | 'stopped' | 'cut' | 'failed';

export interface MessageRecord {
  id: string;
  conversationId: string;
  createdAt: number;
  role: 'user' | 'assistant';
  content: string;
  state: MessageState;
  error?: WireError;
  model?: string;
  /** It was asked to keep to the CPU, and so are those after it. */
  cpu?: true;
  stats?: ReplyStats;
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
