/**
 * Publishes a GGUF file in a site's static registry: `npm run pack-model -- model.gguf --name acme/chat:1b`.
 * The starter was made with it; tests/unit/pack-model.test.ts has its options.
 */
import { packCommand } from './pack/command.ts';
import { runCommand } from './refusal.ts';

await runCommand(async () => {
  console.log(await packCommand(process.argv.slice(2), console.warn));
});
