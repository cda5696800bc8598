/** Where a model came from, and is fetched from again: registries on this computer, and copies of their models. */
import { beforeEach, describe, expect, test } from 'vitest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { smallGguf } from '../fixtures/disk-gguf';
import { openSources } from '../fixtures/hub/sources';
import { lines } from '../fixtures/house';
import { openPullHouse } from '../fixtures/pull-house';
import { TestHouse } from '../fixtures/test-registry';
import { Sources } from '../../workers/host/registry/sources/sources';

const NAME = 'localhost:5000/acme/tiny:1b';
const weights = smallGguf();

let house: TestHouse;
let world: ReturnType<typeof openSources>['world'];
let door: Awaited<ReturnType<typeof openPullHouse>>;

beforeEach(async () => {
  const sources = openSources();
  world = sources.world;
  world.origins.registry = 'http://localhost:5000';
  publish(weights);
  house = new TestHouse();
  const { access, fetch, gate } = sources;
  house.gate = gate;
  door = await openPullHouse(house, { source: new Sources({ access, fetch }) });
});

/** `from`, which registries publish where a model was made of another there. */
function publish(bytes: Uint8Array, from?: string) {
  const layers = [{ kind: 'model', bytes }] as const;
  const files = world.model({ path: 'acme/tiny:1b', layers: [...layers], style: 'oci' });
  if (from === undefined) return;
  const text = new TextDecoder().decode(files.get('/v2/acme/tiny/manifests/1b'));
  const manifest = JSON.parse(text) as { layers: object[] };
  Object.assign(manifest.layers[0]!, { from });
  world.replace('/v2/acme/tiny/manifests/1b', new TextEncoder().encode(JSON.stringify(manifest)));
}

const pull = (model: string, more: object = {}) =>
  door.ask('api/pull', { model, stream: false, ...more });

async function damage(model: string) {
  const found = (await door.registry.get(parseName(model)!))!;
  const [layer] = layersOf(found.manifest, 'model');
  house.store.committed.get(layer!.digest)!.bytes[9]! ^= 1;
}

const repair = async (model: string) =>
  lines(await door.post('api/paddock/storage/repair', { model }));

async function isRepaired(model: string) {
  await damage(model);
  expect((await repair(model)).at(-1)).toEqual({ status: 'success' });
  const last = (await lines(await door.post('api/paddock/storage/check', { model }))).at(-1);
  expect(last).toMatchObject({ status: 'success', damaged: [] });
}

describe('a model that came over plain HTTP', () => {
  beforeEach(() => pull(NAME, { insecure: true }));

  test('is repaired over it', () => isRepaired(NAME));

  test('is pulled and looked at over it again, without another word', async () => {
    const newer = smallGguf({ seed: 7 });
    publish(newer);
    await door.ask('api/paddock/resolve', { model: NAME });
    await pull(NAME);
    await pull(NAME); // what it was is remembered of the second time too
    expect((await door.registry.list()).map(({ name }) => name)).toEqual([NAME]);
    expect([...house.store.committed.values()].map(({ bytes }) => bytes)).toContainEqual(newer);
  });

  test('is forgotten with the model', async () => {
    await door.registry.delete(parseName(NAME)!);
    const answer = await door.post('api/pull', { model: NAME, stream: false });
    expect(await answer.json()).toMatchObject({ code: 'network' });
  });
});

describe.each([
  ['as most are', undefined],
  ['that its registry made of another', 'base:1b'],
])('a copy of a model %s', (_what, from) => {
  beforeEach(async () => {
    publish(weights, from);
    await pull(NAME, { insecure: true });
    expect((await door.post('api/copy', { source: NAME, destination: 'mine' })).status).toBe(200);
    await door.registry.delete(parseName(NAME)!);
  });

  test('is repaired from where the model came', () => isRepaired('mine'));

  test('so is a copy of it', async () => {
    await door.post('api/copy', { source: 'mine', destination: 'other:x' });
    await door.registry.delete(parseName('mine')!);
    await isRepaired('other:x');
  });

  test('is pulled from there, whatever it is called, time and again', async () => {
    const newer = smallGguf({ seed: 9 });
    publish(newer, from);
    await pull('mine');
    await pull('mine');
    const [model] = await door.registry.list();
    expect(model).toMatchObject({ name: 'mine:latest', from: NAME });
    expect([...house.store.committed.values()].map(({ bytes }) => bytes)).toContainEqual(newer);
    await isRepaired('mine');
  });
});

test('a copy of what was made here says that it cannot be fetched', async () => {
  await pull(NAME, { insecure: true });
  await door.ask('api/create', { model: 'made', from: NAME, system: 'Be brief.', stream: false });
  await door.post('api/copy', { source: 'made', destination: 'copied' });
  for (const model of ['made', 'copied']) {
    await damage(model);
    expect((await repair(model)).at(-1)).toMatchObject({
      code: 'not_in_registry',
      error: `${model}:latest came from this device: import it again.`,
    });
    await isRepaired(NAME);
  }
});
