/** The same model as an MLC one, as a file that runs on the CPU. */
import { isAmong, keysOf, pullName } from './catalogue';
import { families } from './families';

/** As a pull of it is called, for an installed MLC model's name; undefined where the catalogue has none. */
export function cpuTwin(name: string): string | undefined {
  const wanted = keysOf([name]);
  const family = families().find(({ files }) =>
    files.some((file) => file.format === 'mlc' && isAmong(wanted, file)),
  );
  const file = family?.files.find(({ format }) => format === 'gguf');
  return file?.format === 'gguf' ? pullName(file.entry) : undefined;
}
