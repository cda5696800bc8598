/**
 * Chromium is killed, SIGKILL: twenty times in the middle of a transfer, and twenty times between the last byte of a
 * model and its listing. Either the whole model is there or none, the old one or the new; little comes twice, and
 * downloads go on by themselves. Needs `npm run build:test`.
 *   npm run test:kills -- [--kills 20] [--mib 64] [--seed 1] [--phase transfer|commit]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../fixtures/random-model/random';
import { killCommits } from './kills/commit';
import { killTransfers } from './kills/transfer';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    mib: { type: 'string', default: '64' },
    seed: { type: 'string', default: '1' },
    phase: { type: 'string' },
  },
});
const kills = Number(values.kills);

const phases: Record<string, (profile: string, random: Random) => Promise<void>> = {
  transfer: (profile, random) =>
    killTransfers(profile, kills, Number(values.mib) * 1024 * 1024, random),
  commit: (profile, random) => killCommits(profile, kills, random),
};

for (const [name, run] of Object.entries(phases)) {
  if (values.phase && values.phase !== name) continue;
  const profile = await mkdtemp(join(tmpdir(), 'paddock-kills-'));
  try {
    await run(profile, new Random(Number(values.seed)));
  } finally {
    // A browser that was killed may still let go of its files.
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
