/**
 * A site of its own around one model, from a GGUF file to a folder for any static host:
 * `npm run demo -- model.gguf --name acme/chat:1b --title "Acme Chat"`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatBytes } from '#core/format';
import { displayName } from '#core/names';
import { embeds } from '#core/weights-facts';
import { VERY_SMALL, type Starter } from '#core/starter';
import { buildSite } from './demo/build-site.ts';
import { replaceSite, refuseForeign } from './demo/out-folder.ts';
import { packInput } from './pack/input.ts';
import type { Inspected } from './pack/inspect.ts';
import { PACK_OPTIONS, PACK_USAGE } from './pack/options.ts';
import { packModel } from './pack/pack.ts';
import { Refusal, runCommand } from './refusal.ts';

const USAGE =
  'Usage: npm run demo -- model.gguf [--title TEXT] [--about TEXT] [--license-name TEXT] ' +
  `[--keep-starter] [--out DIR] ${PACK_USAGE}`;

/** Parameters; below, a model is about as good as SmolLM2 135M. */
const VERY_SMALL_BELOW = 500_000_000;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: {
      ...PACK_OPTIONS,
      title: { type: 'string' },
      about: { type: 'string' },
      'license-name': { type: 'string' },
      'keep-starter': { type: 'boolean', default: false },
      out: { type: 'string', default: 'build-demo' },
    },
    allowPositionals: true,
  });
  // Whatever can be wrong is found before the build, which takes a minute.
  const input = await packInput(positionals, values, USAGE);
  const { name, model } = input;
  if (embeds(model.header)) {
    throw new Refusal(
      `${input.path} makes embeddings, and a demo begins with a chat. ` +
        'Publish it beside a model that writes, with npm run pack-model.',
    );
  }
  refuseForeign(values.out);
  for (const warning of model.warnings) console.warn(warning);

  const starter = starterOf(displayName(name), model, values, !values['keep-starter']);
  await replaceSite(values.out, async (folder) => {
    await buildSite({ folder, starter, keepStarter: values['keep-starter'] }, () =>
      packModel({ ...input, out: folder }),
    );
  });
  console.log(`
${starter.title} (${starter.name}, ${formatBytes(starter.size)}) is in ${values.out}.
Look at it: npx tsx scripts/start.ts ${values.out}
Publish it: put the contents of ${join(values.out, '/')} on a static host, as the README says.`);
});

interface Words {
  title?: string;
  about?: string;
  'license-name'?: string;
}

/** What the page says of the model: what was given, else what the file says of itself. */
function starterOf(
  name: string,
  { header, size }: Inspected,
  words: Words,
  alone: boolean,
): Starter {
  const small = header.parameterCount < VERY_SMALL_BELOW;
  return {
    name,
    title: words.title ?? (header.text('general.name') || name),
    size,
    license: words['license-name'] ?? header.text('general.license'),
    about: words.about ?? (small ? VERY_SMALL : 'It can be wrong: check what matters.'),
    alone,
  };
}
