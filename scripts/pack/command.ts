/** `pack-model` without its process: tests call it as the command line does. */
import { parseArgs } from 'node:util';
import { formatBytes } from '#core/format';
import { parameterSize } from '#core/gguf';
import { displayName } from '#core/names';
import { Refusal } from '../refusal.ts';
import { inspect } from './inspect.ts';
import { extrasOf, nameOf, PACK_OPTIONS, PACK_USAGE, partSizeOf } from './options.ts';
import { packModel } from './pack.ts';

const USAGE = `Usage: npm run pack-model -- model.gguf [--out DIR] ${PACK_USAGE}`;

/**
 * Does what the command's arguments say, and gives the sentence for its end.
 * @throws Refusal, or the system's error
 */
export async function packCommand(
  args: string[],
  warn: (sentence: string) => void,
): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...PACK_OPTIONS, out: { type: 'string', default: 'static' } },
    allowPositionals: true,
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Refusal(USAGE);
  const partSize = partSizeOf(values['part-size']);
  const model = await inspect(path);
  const name = nameOf(values.name, model.header, path);
  const extras = await extrasOf(values);
  for (const warning of model.warnings) warn(warning);
  const folder = await packModel({ path, model, name, extras, partSize, out: values.out });
  const { header, size } = model;
  return (
    `${displayName(name)} is in ${values.out}/${folder}: ${header.architecture}, ` +
    `${parameterSize(header.parameterCount)}, ${header.quantization}, ${formatBytes(size)}.`
  );
}
