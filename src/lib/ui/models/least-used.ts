import type { StoredModel } from '#core/paddock-api';

/** Least recently used first; those that nobody has used yet before them, oldest first. `models`: newest first. */
export function leastUsed(models: StoredModel[]): StoredModel[] {
  const time = ({ last_used }: StoredModel) => (last_used ? new Date(last_used).getTime() : 0);
  return [...models].reverse().sort((a, b) => time(a) - time(b));
}

/** The names of as many, from the first, as free `bytes`; all where that is not enough. */
export function proposed(models: StoredModel[], bytes: number): string[] {
  const names: string[] = [];
  let freed = 0;
  for (const { name, own_size } of models) {
    if (!(freed < bytes)) break;
    names.push(name);
    freed += own_size;
  }
  return names;
}
