/** What of the catalogue is shown, and in which order. */
import type { CatalogueEntry, Task } from './catalogue';

export type Order = 'listed' | 'smallest' | 'largest' | 'name';

export interface Filter {
  /** Words that are all in the name, the family, the description or the licence. */
  text: string;
  task: Task | '';
  /** Of Ollama's capabilities; empty: any. */
  capability: string;
  /** Bytes; Infinity: any. */
  most: number;
  /** Only what is known to fit. */
  fits: boolean;
  order: Order;
}

/** @param fits whether an entry is known to fit this machine */
export function filtered(
  entries: readonly CatalogueEntry[],
  { text, task, capability, most, fits: onlyFitting, order }: Filter,
  fits: (entry: CatalogueEntry) => boolean,
): CatalogueEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .filter((entry) => {
      const said = sayings(entry);
      return (
        words.every((word) => said.includes(word)) &&
        (task === '' || entry.tasks.includes(task)) &&
        (capability === '' || entry.capabilities.includes(capability)) &&
        entry.size <= most &&
        (!onlyFitting || fits(entry))
      );
    })
    .sort(COMPARE[order]);
}

const COMPARE: Record<Order, (a: CatalogueEntry, b: CatalogueEntry) => number> = {
  listed: () => 0,
  smallest: (a, b) => a.size - b.size,
  largest: (a, b) => b.size - a.size,
  name: (a, b) => a.title.localeCompare(b.title, 'en'),
};

function sayings({ title, family, about, license, names, hub, tasks }: CatalogueEntry): string {
  return [title, family, about, license, ...names, hub, ...tasks].join(' ').toLowerCase();
}
