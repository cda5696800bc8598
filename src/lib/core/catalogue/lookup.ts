/** A name of Ollama's library, which this site has not, to the repository that has the same model. */
import { nameKey, parseName, type ModelName } from '#core/names';
import { hubNames } from './catalogue';

let table: Map<string, string> | undefined;

/** `hf.co/user/repo:quant` for a name such as `qwen3:0.6b`; null where the catalogue has none. */
export function lookup(name: ModelName): string | null {
  table ??= new Map(hubNames().map(([one, hub]) => [nameKey(parseName(one)!), hub]));
  return table.get(nameKey(name)) ?? null;
}
