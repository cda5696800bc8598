/** A repository's `params` file, which anybody may have written. */
import { afterEach, expect, test, vi } from 'vitest';
import { LAYER_PREFIX, layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { filesPlan, hubBytes, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import { pullAll, TestHouse } from '../fixtures/test-registry';

afterEach(() => vi.restoreAllMocks());

test.each<[text: string, layers: number]>([
  ['{"temperature":0.5,"stop":["<end>"],"unknown":{}}', 1],
  ['temperature 0.5', 0],
  ['[1]', 0],
  ['{"temperature":"hot"}', 0],
  ['{"stop":"<end>"}', 0],
])('%s', async (text, layers) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const house = new TestHouse();
  house.host.files.set(HUB_FILE, hubBytes);
  const bytes = new TextEncoder().encode(text);
  house.host.files.set('user/repo/params', bytes);
  const params = {
    digest: null,
    size: bytes.length,
    mediaType: `${LAYER_PREFIX}params`,
    name: 'params',
    origin: { kind: 'file', url: `${house.host.root}user/repo/params` },
  } as const;
  const plan = filesPlan(house.host.root, true, [params]);
  const registry = await house.open({ source: sourceOf(plan) });
  await pullAll(registry, 'repo');
  const model = (await registry.get(parseName('repo')!))!;
  expect(layersOf(model.manifest, 'params')).toHaveLength(layers);
  expect(warn).toHaveBeenCalledTimes(1 - layers);
});
