/** What of the catalogue is shown, and in which order. */
import { aboutText } from './about-words';
import type { Task } from './catalogue';
import { fileLabel, type Family } from './families';
import type { Offer } from './offers';

export type Order = 'suggested' | 'smallest' | 'largest' | 'name';

export interface Filter {
  /** Words that are all in the name, the description, in English or as it is spoken, the licence, or the name of a file. */
  text: string;
  task: Task | '';
  /** Of Ollama's capabilities; empty: any. */
  capability: string;
  /** Bytes of the file that would be taken; Infinity: any. */
  most: number;
  /** Only what is known to fit. */
  fits: boolean;
  order: Order;
}

/** Those of `offers` that the filter lets pass; `suggested` keeps their order, with what fits before what may not. */
export function filtered(
  offers: readonly Offer[],
  { text, task, capability, most, fits, order }: Filter,
): Offer[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return offers
    .filter(({ family, file, standing }) => {
      const said = `${sayings(family)} ${aboutText(family.about).toLowerCase()}`;
      return (
        words.every((word) => said.includes(word)) &&
        (task === '' || family.tasks.includes(task)) &&
        (capability === '' || family.capabilities.includes(capability)) &&
        file.size <= most &&
        (!fits || standing === 'fits')
      );
    })
    .sort(COMPARE[order]);
}

const STANDINGS: Offer['standing'][] = ['fits', 'perhaps', 'no'];

const COMPARE: Record<Order, (a: Offer, b: Offer) => number> = {
  suggested: (a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing),
  smallest: (a, b) => a.file.size - b.file.size,
  largest: (a, b) => b.file.size - a.file.size,
  name: (a, b) => a.family.title.localeCompare(b.family.title, 'en'),
};

const said = new WeakMap<Family, string>();

function sayings(family: Family): string {
  const { title, about, license, tasks, files } = family;
  const text =
    said.get(family) ??
    [title, about, license, ...tasks, ...files.flatMap((file) => [...named(file), fileLabel(file)])]
      .join(' ')
      .toLowerCase();
  said.set(family, text);
  return text;
}

function named({ names, hub }: Family['files'][number]): string[] {
  return [...names, ...(hub ? [hub] : [])];
}
