/** The figures of a whole chat, from those of its replies. */
import type { ReplyStats } from '$lib/storage/records';

export interface ReplyFigures {
  role: string;
  model?: string;
  thinkingMs?: number;
  stats?: ReplyStats;
}

export interface ChatFigures {
  messages: number;
  replies: number;
  /** Tokens that the models read, those that they read again for each reply too, and wrote. */
  read: number;
  written: number;
  /** Milliseconds of writing, and of thinking. */
  writingMs: number;
  thinkingMs: number;
  /** Tokens a second, over all of the writing; null: nothing was measured. */
  rate: number | null;
  /** Some counts are the page's own, since a stopped reply brings none. */
  about: boolean;
  /** In the order in which they came. */
  models: string[];
}

export function chatFigures(turns: readonly ReplyFigures[]): ChatFigures {
  const replies = turns.filter(({ role }) => role === 'assistant');
  const stats = replies.flatMap((turn) => turn.stats ?? []);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const written = sum(stats.map(({ replyTokens }) => replyTokens));
  const writingMs = sum(stats.map(({ evalMs }) => evalMs));
  return {
    messages: turns.length,
    replies: replies.length,
    read: sum(stats.map(({ promptTokens }) => promptTokens ?? 0)),
    written,
    writingMs,
    thinkingMs: sum(replies.map(({ thinkingMs }) => thinkingMs ?? 0)),
    rate: writingMs > 0 ? (written * 1000) / writingMs : null,
    about: stats.some(({ measured }) => measured === 'page'),
    models: [...new Set(replies.flatMap(({ model }) => model ?? []))],
  };
}
