/** `pack-model` without its process: tests call it as the command line does. */
import { parseArgs } from 'node:util';
import { formatBytes } from '#core/format';
import { parameterSize } from '#core/gguf';
import { displayName } from '#core/names';
import { packInput } from './input.ts';
import { PACK_OPTIONS, PACK_USAGE } from './options.ts';
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
  const input = await packInput(positionals, values, USAGE);
  const { name, model } = input;
  for (const warning of model.warnings) warn(warning);
  const folder = await packModel({ ...input, out: values.out });
  const { header, size } = model;
  return (
    `${displayName(name)} is in ${values.out}/${folder}: ${header.architecture}, ` +
    `${parameterSize(header.parameterCount)}, ${header.quantization}, ${formatBytes(size)}.`
  );
}
