/** Everything of this device but weights and keys, as one ZIP. */
import type { ExtraKind } from '#core/exchange/chat';
import { extrasJson, manifestJson } from '#core/exchange/paddock-json';
import { withExchange } from '$lib/client/exchange';
import { countBenches, listBenches, type BenchPlace } from '$lib/storage/benches';
import { readAll } from '$lib/storage/exchange-read';
import { pack, packChats, packFolders, type Work } from './export-chats';
import { keptSettings } from './kept-settings';
import { listPresets } from './presets';

/** @param ids of all conversations @throws PaddockError, `aborted` too */
export function backupZip(ids: readonly string[], work: Work): Promise<Blob> {
  const { signal } = work;
  return withExchange(async (worker) => {
    const extras = async (kind: ExtraKind, items: object[]) => {
      signal.throwIfAborted();
      if (items.length > 0) await pack(worker, `${kind}.json`, extrasJson(kind, items));
    };
    await pack(worker, 'paddock.json', manifestJson('backup', Date.now()));
    await extras('settings', await keptSettings());
    await packFolders(worker);
    for (const store of ['prompts', 'votes', 'drafts'] as const) {
      await extras(store, await readAll(store));
    }
    await extras('benches', await benches());
    await extras('presets', await listPresets(signal));
    await packChats(worker, ids, work);
    return worker.call('finish', null, { signal }).result;
  });
}

const PAGE = 100;

async function benches(): Promise<object[]> {
  const all: object[] = [];
  const count = await countBenches();
  let after: BenchPlace | undefined;
  while (all.length < count) {
    const { records, end } = await listBenches(PAGE, after);
    all.push(...records);
    if (!end) break;
    after = end;
  }
  return all;
}
