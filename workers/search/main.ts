/** Searches the chats, apart from the page: their first reading takes a part of a second. */
import { serve } from '#core/callee';
import { CHANGES, parseChange } from '#core/changes';
import { wordsOf } from '#core/search/fold';
import type { SearchMethods } from '#core/search/methods';
import { scan } from '#core/search/scan';
import { Library } from './library';

const library = new Library();
const watchers = new Set<() => void>();

/** Milliseconds between two words about the first reading. */
const PROGRESS_EVERY = 100;

// A channel of its own hears this page's writes too.
new BroadcastChannel(CHANGES).addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const change = parseChange(data);
  if (change && library.changed(change)) watchers.forEach((tell) => tell());
});

serve<SearchMethods>(self, {
  async search({ query, limit, whole }, { send }) {
    const told = setInterval(() => void send(library.progress).catch(() => {}), PROGRESS_EVERY);
    try {
      const { chats, damaged } = await library.read();
      return { ...scan(chats, { words: wordsOf(query), limit, whole }), damaged };
    } finally {
      clearInterval(told);
    }
  },
  watch: (_, { send, signal }) =>
    new Promise((resolve) => {
      const tell = () => void send(null).catch(() => {});
      watchers.add(tell);
      signal.addEventListener('abort', () => {
        watchers.delete(tell);
        resolve();
      });
    }),
});
