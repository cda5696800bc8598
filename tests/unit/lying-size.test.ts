/** A source that lies about a blob's size does not cost another model that blob. */
import { expect, test } from 'vitest';
import { parseManifest, type Manifest } from '#core/manifest';
import { parseName } from '#core/names';
import { openPullHouse } from '../fixtures/pull-house';
import { lines } from '../fixtures/house';
import { TestHouse } from '../fixtures/test-registry';

const MODEL = 'smollm2:135m';
const LIAR = 'liar:1';

test('a manifest with an installed model’s blob in another size is refused, and the model stays', async () => {
  const house = new TestHouse();
  const { registry, post } = await openPullHouse(house);
  const pulled = async (model: string) => (await lines(await post('api/pull', { model }))).at(-1)!;
  expect(await pulled(MODEL)).toEqual({ status: 'success' });
  const text = (await registry.get(parseName(MODEL)!))!.manifest;
  const lie: Manifest = {
    ...text,
    layers: text.layers.map((layer) => ({ ...layer, size: layer.size + 1 })),
  };
  parseManifest(JSON.stringify(lie)); // it is one, as far as anybody can see
  const bytes = new TextEncoder().encode(JSON.stringify(lie));
  house.host.files.set('v2/library/liar/manifests/1', bytes);
  const before = [...house.store.committed.keys()];
  expect(await pulled(LIAR)).toMatchObject({ code: 'bad_manifest' });
  expect([...house.store.committed.keys()]).toEqual(before);
  expect((await registry.list()).map(({ name }) => name)).toEqual([MODEL]);
});
