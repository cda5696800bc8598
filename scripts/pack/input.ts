/** What `pack-model` and `demo` are asked for, checked before anything is written. */
import type { ModelName } from '#core/names';
import { Refusal } from '../refusal.ts';
import { inspect, type Inspected } from './inspect.ts';
import { extrasOf, nameOf, partSizeOf, type Extras, type PackValues } from './options.ts';

export interface PackInput {
  /** Of the GGUF file. */
  path: string;
  model: Inspected;
  name: ModelName;
  extras: Extras;
  /** Bytes. */
  partSize: number;
}

/** `positionals` is the one file. @throws Refusal (`usage` for another number of files), or the system's error */
export async function packInput(
  positionals: string[],
  values: PackValues,
  usage: string,
): Promise<PackInput> {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Refusal(usage);
  const partSize = partSizeOf(values['part-size']);
  const model = await inspect(path);
  const name = nameOf(values.name, model.header, path);
  return { path, model, name, extras: await extrasOf(values), partSize };
}
