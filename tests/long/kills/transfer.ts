/** Kills at random moments of a transfer: the whole model is listed or none, and little comes twice. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Random } from '../../fixtures/random-model/random';
import { CONNECTIONS } from '../../../workers/puller/job';
import { openBrowser } from '../browser';
import { ModelSite } from '../model-site';
import { ask, filesOf, listed, openApp, recordsOf, replaced, wholeBlobs } from './look';

const MODEL = 'smollm2:135m';
const PART = 4 * 1024 * 1024;
/** Bytes a second and connection. */
const RATE = 8_000_000;

/** `size` in bytes. @throws Error that says what was found */
export async function killTransfers(profile: string, kills: number, size: number, random: Random) {
  const site = await new ModelSite(RATE).start();
  site.publish(MODEL, size, 7);
  let downloads = 0;
  try {
    for (let done = 0; done < kills; done++) {
      const { page, kill } = await openBrowser(profile);
      await openApp(page, site.url);
      if (await isWhole(page, size)) {
        downloads++;
        await ask(page, 'DELETE', '/api/delete', { model: MODEL });
        await ask(page, 'POST', '/api/paddock/pulls', { model: MODEL });
      } else if (done === 0) await ask(page, 'POST', '/api/paddock/pulls', { model: MODEL });
      // Otherwise it goes on by itself.
      await wait(200 + random.uniform() * 3000);
      await kill();
      const sent = (site.sent / 1e6).toFixed(1);
      console.log(`kill ${done + 1}: ${sent} MB sent, ${downloads} downloads`);
    }
    const { page, kill } = await openBrowser(profile);
    await openApp(page, site.url);
    await replaced(page, MODEL, '');
    downloads++;
    await wholeBlobs(page, MODEL);
    const unfinished = (await filesOf(page)).filter(({ name }) => name.startsWith('tmp-'));
    if (unfinished.length > 0) throw new Error(`Left: ${JSON.stringify(unfinished)}`);
    const { ledgers } = await recordsOf(page);
    if (ledgers) throw new Error(`${ledgers} ledgers are left`);
    await kill();
    const twice = site.sent - downloads * size;
    const most = kills * CONNECTIONS * PART;
    const figures = `${(twice / 1e6).toFixed(1)} MB came twice, at most ${(most / 1e6).toFixed(1)} may`;
    console.log(`${kills} kills in the transfer, ${downloads} downloads: ${figures}.`);
    console.log('Every digest is right; no unfinished file and no ledger is left.');
    if (twice > most) throw new Error('More came twice than a part a connection and kill');
  } finally {
    await site.close();
  }
}

/** @throws Error for half a model */
async function isWhole(page: Page, size: number): Promise<boolean> {
  const model = (await listed(page)).find(({ name }) => name === MODEL);
  if (model && model.size < size) throw new Error(`Half a model is listed: ${model.size} bytes`);
  return model !== undefined;
}
