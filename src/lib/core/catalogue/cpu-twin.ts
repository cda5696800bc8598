/** The same model as an MLC one, as a file that runs on the CPU. */
import { nameKey, parseName } from '#core/names';
import { pullName } from './catalogue';
import { families, type Family } from './families';

/** As a pull of it is called, for an installed MLC model's name; undefined where the catalogue has none. */
export function cpuTwin(name: string): string | undefined {
  const key = keyOf(name);
  const family = families().find((one) => hasMlc(one, key));
  const file = family?.files.find(({ format }) => format === 'gguf');
  return file?.format === 'gguf' ? pullName(file.entry) : undefined;
}

function hasMlc({ files }: Family, key: string): boolean {
  return files.some(({ format, hub }) => format === 'mlc' && hub !== null && keyOf(hub) === key);
}

function keyOf(spelling: string): string {
  const name = parseName(spelling);
  return name ? nameKey(name) : spelling;
}
