import { describe, expect, test } from 'vitest';
import { parseDigest } from '#core/digest';
import { blobsOf, layersOf, parseManifest, parsePartsList } from '#core/manifest';

const digest = (digit: string) => parseDigest(`sha256:${digit.repeat(64)}`)!;
const layer = (digit: string, kind = 'model', size = 10) => ({
  mediaType: `application/vnd.ollama.image.${kind}`,
  digest: digest(digit),
  size,
});
const good = {
  schemaVersion: 2,
  config: layer('c', 'config'),
  layers: [layer('a'), layer('b', 'params')],
};

test('a manifest gives its layers by kind', () => {
  const manifest = parseManifest(JSON.stringify(good));
  expect(layersOf(manifest, 'model').map((found) => found.digest)).toEqual([digest('a')]);
  expect(layersOf(manifest, 'license')).toEqual([]);
});

test('a blob that two layers share is needed once', () => {
  const twice = { ...good, layers: [layer('a'), layer('a', 'license')] };
  expect(blobsOf(parseManifest(JSON.stringify(twice))).map((blob) => blob.digest)).toEqual([
    digest('a'),
    digest('c'),
  ]);
});

describe('refused as a manifest', () => {
  test.each<[string, string, RegExp]>([
    ['a web page', '<!doctype html><title>Home</title>', /web page/],
    ['text', 'not found', /not JSON/],
    ['nothing', '', /not JSON/],
    ['a list', '[]', /not JSON/],
    ['null', 'null', /not JSON/],
    ['schema 1', JSON.stringify({ ...good, schemaVersion: 1 }), /schema 2/],
    ['no layers', JSON.stringify({ ...good, layers: [] }), /no layers/],
    ['layers that are none', JSON.stringify({ ...good, layers: {} }), /schema 2/],
    ['no config', JSON.stringify({ ...good, config: undefined }), /media type/],
    [
      'a path as a digest',
      JSON.stringify({ ...good, layers: [{ ...layer('a'), digest: 'sha256:../x' }] }),
      /digest/,
    ],
    ['a negative size', JSON.stringify({ ...good, layers: [layer('a', 'model', -1)] }), /size/],
    ['a size of 2^60', JSON.stringify({ ...good, layers: [layer('a', 'model', 2 ** 60)] }), /size/],
    [
      'a size as text',
      JSON.stringify({ ...good, layers: [{ ...layer('a'), size: '10' }] }),
      /size/,
    ],
  ])('%s', (_what, text, why) => {
    expect(() => parseManifest(text)).toThrow(why);
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'bad_manifest' }));
  });
});

describe('a parts list', () => {
  const blob = { digest: digest('a'), size: 10 };
  const list = {
    ...blob,
    parts: [
      { size: 4, digest: digest('1') },
      { size: 6, digest: digest('2') },
    ],
  };

  test('adds up to its blob', () => {
    expect(parsePartsList(JSON.stringify(list), blob).parts.map(({ size }) => size)).toEqual([
      4, 6,
    ]);
  });

  test.each([
    ['another blob', { ...list, digest: digest('b') }],
    ['another size', { ...list, size: 11 }],
    ['parts that are short', { ...list, parts: list.parts.slice(1) }],
    [
      'parts that cancel out',
      {
        ...list,
        parts: [
          { ...list.parts[0], size: -1 },
          { ...list.parts[1], size: 11 },
        ],
      },
    ],
    ['no parts', { ...list, parts: undefined }],
  ])('is refused with %s', (_what, value) => {
    expect(() => parsePartsList(JSON.stringify(value), blob)).toThrow(
      expect.objectContaining({ code: 'bad_manifest' }),
    );
  });
});
