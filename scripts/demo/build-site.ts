/** Builds the site around another starter. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Starter } from '#core/starter';
import { Refusal } from '../refusal.ts';

export interface SiteRequest {
  /** Where the build goes. */
  folder: string;
  starter: Starter;
  /** Whether the site keeps its own models, SmolLM2 and the embedding model, by their names on the Models page. */
  keepStarter: boolean;
}

/**
 * @param addModel called when the folder has everything but the model: weights go straight into it, past the
 * bundler, which would copy them twice
 * @throws Refusal when a step fails; its own words are printed by then
 */
export async function buildSite(
  { folder, starter, keepStarter }: SiteRequest,
  addModel: () => Promise<unknown>,
): Promise<void> {
  const assets = await mkdtemp(join(tmpdir(), 'paddock-demo-'));
  try {
    const isWeights = (path: string) => path.startsWith(join('static', 'v2'));
    await cp('static', assets, {
      recursive: true,
      filter: (source) => keepStarter || !isWeights(source),
    });
    const env = {
      PADDOCK_STARTER: JSON.stringify(starter),
      PADDOCK_OUT_DIR: folder,
      PADDOCK_STATIC_DIR: assets,
    };
    await node(['--import', 'tsx', 'scripts/kernels.ts'], env);
    await node(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], env);
    await addModel();
    await node(['--import', 'tsx', 'scripts/post-build.ts', folder], env);
  } finally {
    await rm(assets, { recursive: true, force: true });
  }
}

/** Runs one step of the build, with its output here. */
function node(args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(new Refusal(`The build stopped: ${args.join(' ')} ended with ${code}. See above.`));
    });
  });
}
