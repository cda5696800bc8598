/**
 * `npm run check`, after svelte-check: no promise of a component is left floating. oxlint reads types but no
 * components, and svelte-check has just written each of them as TypeScript for the compiler: oxlint is given those.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, runCommand } from './refusal.ts';

const WRITTEN = '.svelte-kit/.svelte-check';

const filesIn = (folder: string, ends: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ends))
    .map((path) => join(folder, path));

await runCommand(async () => {
  const components = filesIn('src', '.svelte').length;
  const written = filesIn(WRITTEN, '.svelte.ts').filter((path) => path.includes('++'));
  if (written.length !== components) {
    throw new Refusal(
      `svelte-check wrote ${written.length} of ${components} components into ${WRITTEN}. Run npm run check.`,
    );
  }
  const options = ['--config', 'scripts/check-promises.jsonc', '--ignore-path', '/dev/null'];
  const { status } = spawnSync(
    'oxlint',
    [...options, '--tsconfig', `${WRITTEN}/tsconfig.json`, ...written],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  process.exitCode = status ?? 1;
});
