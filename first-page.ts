/**
 * What the page at `/` runs at once in one file: some twenty small ones weigh a tenth more, since each is compressed
 * by itself.
 */
import type { Plugin } from 'vite';

/** Entries that every visit to `/` loads: Kit's own, the layout, and the page. */
const ENTRIES = /\/(runtime\/client\/entry\.js|client-optimized\/(app|nodes\/[02])\.js)$/;

interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** Kit names chunks itself, and wins over the configuration: this comes after it. */
export function firstPage(): Plugin {
  const first = new Set<string>();

  function walk(id: string, graph: Graph): void {
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) {
      if (first.has(next)) continue;
      first.add(next);
      walk(next, graph);
    }
  }

  return {
    name: 'paddock-first-page',
    buildEnd() {
      for (const id of this.getModuleIds()) if (ENTRIES.test(id)) walk(id, this);
    },
    outputOptions(options) {
      // Kit's name for the chunks of the page; not those of the server's build, nor of workers.
      const { chunkFileNames } = options;
      if (typeof chunkFileNames !== 'string' || !chunkFileNames.includes('/immutable/chunks/')) {
        return null;
      }
      return {
        ...options,
        codeSplitting: {
          groups: [{ debugName: 'first', name: (id) => (first.has(id) ? 'first' : null) }],
        },
      };
    },
  };
}
