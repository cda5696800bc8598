/**
 * All chats are read through for each query, with no index and no library: 5 MB (10,000 messages) take some
 * milliseconds, and parts of words are found too, in code and in scripts without blanks, which an index of words misses.
 */
import { rangesOf } from '#core/search/fold';
import type { ChatHits, SearchResult } from '#core/search/methods';
import { snippetOf } from '#core/search/snippet';

export interface SearchText {
  id: string;
  text: string;
  /** `text`, folded. */
  folded: string;
}

export interface SearchChat {
  id: string;
  title: string;
  foldedTitle: string;
  updatedAt: number;
  /** In their order. */
  messages: SearchText[];
}

/** Snippets of a chat, unless all of its hits were asked for. */
const SNIPPETS = 3;

/** What is asked: folded words, chats in the answer, and those of which every hit is shown. */
export interface ScanOptions {
  words: readonly string[];
  limit: number;
  whole: readonly string[];
}

/** Chats with all words in their title, or in one message: newest first. */
export function scan(
  chats: Iterable<SearchChat>,
  options: ScanOptions,
): Omit<SearchResult, 'damaged'> {
  const { words, limit, whole } = options;
  if (words.length === 0) return { chats: [], found: 0 };
  const found: { chat: SearchChat; hits: SearchText[] }[] = [];
  for (const chat of chats) {
    const hits = chat.messages.filter(({ folded }) => hasAll(folded, words));
    if (hits.length > 0 || hasAll(chat.foldedTitle, words)) found.push({ chat, hits });
  }
  found.sort((a, b) => b.chat.updatedAt - a.chat.updatedAt);
  const shown = found.slice(0, limit).map(({ chat, hits }): ChatHits => {
    const some = whole.includes(chat.id) ? hits : hits.slice(0, SNIPPETS);
    return {
      id: chat.id,
      title: { text: chat.title, marks: rangesOf(chat.title, words) },
      hits: hits.length,
      messages: some.map(({ id, text, folded }) => ({
        id,
        snippet: snippetOf(text, folded, words),
      })),
    };
  });
  return { chats: shown, found: found.length };
}

function hasAll(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word));
}
