/**
 * The models that the Models page offers. They are data: `models.json`, each with the public page that names its
 * repository. Figures are approximate, from the public documentation of the model's family; what counts once a model
 * is here is its own file's header.
 */
import { DEFAULT_HOST, nameKey, parseName } from '#core/names';
import { STARTER } from '#core/starter';
import models from './models.json';

export type Task = 'chat' | 'code' | 'reasoning' | 'vision' | 'embedding';

/** What the cache of one token and the last layer are sized by, as the model's family is documented. */
export interface Shape {
  layers: number;
  /** 0: an encoder, which keeps nothing. */
  keyValueHeads: number;
  headSize: number;
  /** Tokens that it knows. */
  vocabulary: number;
}

export interface CatalogueEntry {
  family: string;
  /** As people read it. */
  title: string;
  /** What it is good for, in a sentence. */
  about: string;
  /** What Ollama's library calls it; the first is its name here. Empty: only its repository names it. */
  names: string[];
  /** `hf.co/user/repo:quant`; null: the site has it. */
  hub: string | null;
  /** The site has it, by its first two names, unless the starter is alone there; `hub` has the like of it. */
  site?: true;
  tasks: Task[];
  capabilities: string[];
  parameters: number;
  quantization: string;
  /** Bytes of all files, about: nobody asked the hub. */
  size: number;
  /** Tokens that it was trained for, as documented. */
  context: number;
  /** In short, as documented: the repository's own text holds. */
  license: string;
  /** `general.architecture` of its file. */
  architecture: string;
  /** Absent where the layers differ from each other. */
  shape?: Shape;
  /** The public page that names the repository, or its file. */
  source: string;
}

const entries = models as CatalogueEntry[];

let had: readonly CatalogueEntry[] | undefined;

/** All entries that can be had: one that only the site has is left out where the site has another starter alone. */
export function catalogue(): readonly CatalogueEntry[] {
  had ??= entries
    .filter(({ hub, names }) => hub !== null || names.includes(STARTER.name) || !STARTER.alone)
    .map((entry) => (entry.site && !STARTER.alone ? { ...entry, hub: null } : entry));
  return had;
}

/** Where a name of Ollama's library leads that the site's registry has not. */
export function hubNames(): [name: string, hub: string][] {
  return entries.flatMap(({ names, hub }) =>
    hub === null ? [] : names.map((name): [string, string] => [name, hub]),
  );
}

/** What names a model to pull, of an entry and of a family's file. */
export type Pullable = Pick<CatalogueEntry, 'names' | 'hub'>;

/** What a pull of it is called, and so is the model here. */
export function pullName({ names, hub }: Pullable): string {
  return names[0] ?? hub!;
}

/** Models as the host lists them, for `isAmong`. */
export function keysOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(keyOf));
}

/** Whether it is one of `keys` by any of its names. */
export function isAmong(keys: ReadonlySet<string>, { names, hub }: Pullable): boolean {
  return [...names, ...(hub ? [hub] : [])].some((name) => keys.has(keyOf(name)));
}

/** Where the files come from; null: this site. */
export function hostOf({ hub }: Pick<Pullable, 'hub'>): string | null {
  const host = hub && parseName(hub)?.host;
  return host && host !== DEFAULT_HOST ? host : null;
}

/** `135M`, `1.7B`. */
export function parameterText(count: number): string {
  return count >= 1e9 ? `${Number((count / 1e9).toFixed(1))}B` : `${Math.round(count / 1e6)}M`;
}

function keyOf(spelling: string): string {
  const name = parseName(spelling);
  return name ? nameKey(name) : spelling;
}
