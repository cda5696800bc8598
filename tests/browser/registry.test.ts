/** The registry with a real OPFS, IndexedDB and puller; the page stands in for the host's worker. */
import { afterEach, expect, test, vi } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { NetworkGate } from '#core/network-gate';
import { OpfsStore } from '#store/opfs';
import { RegistryDb } from '../../workers/host/registry/db';
import { Registry, type PullStatus } from '../../workers/host/registry/registry';
import { StaticSource } from '../../workers/host/registry/sources/static';
import { pullerStarter } from '../../workers/host/registry/start-puller';

const name = parseName('smollm2:135m')!;
const databases: RegistryDb[] = [];

/** As a new session on the same device. */
function open() {
  const siteUrl = new URL('/fake-registry/', location.href).href;
  const db = new RegistryDb();
  databases.push(db);
  const gate = new NetworkGate({ siteUrl });
  const source = new StaticSource({ siteUrl });
  return Registry.open({ store: new OpfsStore(), source, startPuller: pullerStarter(gate), db });
}

async function pull(registry: Registry, stopAt = Infinity): Promise<PullStatus[]> {
  const stop = new AbortController();
  const statuses: PullStatus[] = [];
  for await (const status of registry.pull({ name }, stop.signal)) {
    statuses.push(status);
    if (status.total === 1_000_000 && status.completed! >= stopAt) stop.abort();
  }
  return statuses;
}

afterEach(async () => {
  for (const db of databases.splice(0)) await db.close();
  const root = await navigator.storage.getDirectory();
  // A killed puller lets go of its file a little later.
  await vi.waitFor(() => root.removeEntry('blobs', { recursive: true }), 15_000);
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('paddock-models');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
});

test('a pull fills the device, and a delete frees it', async () => {
  const registry = await open();
  const statuses = await pull(registry);
  expect(statuses.at(-1)).toEqual({ status: 'success' });
  const [model] = await registry.list();
  expect(model).toMatchObject({ name: 'smollm2:135m', config: { model_format: 'fake' } });
  const [weights] = layersOf(model!.manifest, 'model');
  const blob = await registry.store.open(weights!.digest);
  expect(await digestOf(new Uint8Array(await blob.arrayBuffer()))).toBe(weights!.digest);
  expect(await registry.readHeader(model!)).toBeNull();

  expect(await registry.delete(name)).toBe(true);
  expect(await registry.store.list()).toEqual([]);
});

test('a pull that was stopped goes on from its parts in the next session', async () => {
  await expect(pull(await open(), 400_000)).rejects.toMatchObject({ code: 'aborted' });
  const registry = await open();
  const [unfinished] = await registry.store.listUnfinished();
  const ledger = await databases.at(-1)!.ledger(unfinished!.digest);
  const done = ledger!.parts.filter(Boolean).length * 200_000;
  expect(done).toBeGreaterThanOrEqual(200_000);
  const statuses = await pull(registry);
  expect(statuses.find(({ total }) => total === 1_000_000)!.completed).toBe(done);
  expect(statuses.at(-1)).toEqual({ status: 'success' });
  const [model] = await registry.list();
  const [weights] = layersOf(model!.manifest, 'model');
  const blob = await registry.store.open(weights!.digest);
  expect(await digestOf(new Uint8Array(await blob.arrayBuffer()))).toBe(weights!.digest);
});

test('a name that the site lacks is refused, whatever the host answers with', async () => {
  const registry = await open();
  const missing = registry.pull({ name: parseName('nothing')! }, new AbortController().signal);
  await missing.next();
  await expect(missing.next()).rejects.toMatchObject({ code: 'not_in_registry' });
});

test('a database connection that the browser dropped is opened again', async () => {
  const registry = await open();
  await pull(registry);
  // The browser drops the connection, as Safari does when a tab returns.
  const drop = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError');
  });
  expect(await registry.list()).toHaveLength(1);
  expect(drop).toHaveBeenCalled();
});
