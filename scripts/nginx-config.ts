/**
 * nginx's part of the site, from the rules in its `_headers`: prints what a `server` block includes.
 * Usage: npm run -s nginx -- build [--base /repo/] > paddock.conf
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nginxConfig } from './nginx/config.ts';
import { Refusal, runCommand } from './refusal.ts';

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { base: { type: 'string', default: '/' } },
    allowPositionals: true,
  });
  const [dir] = positionals;
  if (dir === undefined || positionals.length > 1) {
    throw new Refusal('Usage: npm run -s nginx -- build [--base /repo/] > paddock.conf');
  }
  const rules = join(dir, '_headers');
  if (!existsSync(rules)) throw new Refusal(`${dir} holds no site. Build it first: npm run build`);
  process.stdout.write(nginxConfig(readFileSync(rules, 'utf8'), values.base));
});
