/** What the worker that searches the chats offers. */
import type { Snippet } from '#core/search/snippet';

export interface SearchMethods {
  /** Chunks: how far the first reading of the chats is. */
  search: { params: SearchParams; chunk: SearchProgress; result: SearchResult };
  /** Lasts until it is cancelled; a chunk for each time that chats have changed. */
  watch: { params: null; chunk: null; result: void };
}

export interface SearchParams {
  query: string;
  /** Chats in the answer. */
  limit: number;
  /** Ids of chats of which every hit is wanted. */
  whole: string[];
}

/** In messages. */
export interface SearchProgress {
  read: number;
  total: number;
}

export interface SearchResult {
  /** Newest first, as many as were asked for. */
  chats: ChatHits[];
  /** Chats with hits, also those over the limit. */
  found: number;
  /** Records that cannot be used, and were left out. */
  damaged: number;
}

export interface ChatHits {
  id: string;
  title: Snippet;
  /** Messages with all words; 0: they stand in the title only. */
  hits: number;
  /** The first of them, or all. */
  messages: { id: string; snippet: Snippet }[];
}
