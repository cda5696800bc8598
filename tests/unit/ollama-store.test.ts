import { describe, expect, it } from 'vitest';
import { parseDigest, type Digest } from '#core/digest';
import { displayName } from '#core/names';
import { findStore, planModel, type StoredManifest } from '#core/ollama-store';

const HEX = (seed: string) => seed.repeat(64).slice(0, 64);
const PREFIX = 'application/vnd.ollama.image.';
const LIBRARY = 'manifests/registry.ollama.ai/library';

function layer(kind: string, seed: string, size = 10) {
  return {
    mediaType: kind.includes('/') ? kind : PREFIX + kind,
    digest: `sha256:${HEX(seed)}`,
    size,
  };
}

function manifest(layers: object[] = [layer('model', 'a', 100), layer('template', 'b')]) {
  return JSON.stringify({ schemaVersion: 2, config: layer('config/json', 'c', 5), layers });
}

const WHOLE = new Map(
  [['a', 100] as const, ['b', 10] as const, ['c', 5] as const].map(([seed, size]) => [
    parseDigest(`sha256:${HEX(seed)}`)!,
    size,
  ]),
);

function plan(text: string, sizes: Map<Digest, number> = WHOLE, at = `${LIBRARY}/smollm2/135m`) {
  const stored = findStore([at])!.manifests[0]!;
  return planModel(stored, text, (digest) => sizes.get(digest), new Set());
}

describe('a store', () => {
  it.each(['', '.ollama/models/', 'models/', 'home/me/.ollama/models/'])(
    'is found under “%s”, also with the separators of Windows',
    (root) => {
      const paths = [
        `${root}${LIBRARY}/smollm2/135m`,
        `${root}manifests/hf.co/acme/Chat-GGUF/Q4_K_M`,
        `${root}blobs/sha256-${HEX('a')}`,
        `${root}blobs/sha256-${HEX('b')}-partial`,
        `${root}manifests/.DS_Store`,
        `${root}history`,
      ];
      for (const these of [paths, paths.map((path) => path.replaceAll('/', '\\'))]) {
        const store = findStore(these)!;
        const names = store.manifests.map(({ name }) => displayName(name!));
        expect(names).toEqual(['smollm2:135m', 'hf.co/acme/Chat-GGUF:Q4_K_M']);
        expect([...store.blobs]).toEqual([[`sha256:${HEX('a')}`, these[2]]]);
      }
    },
  );

  it('is not what has no manifests', () => {
    expect(findStore([])).toBeNull();
    expect(findStore([`blobs/sha256-${HEX('a')}`, 'model.gguf'])).toBeNull();
  });

  it('takes blobs of its own folder alone', () => {
    const store = findStore([`a/${LIBRARY}/x/y`, `b/blobs/sha256-${HEX('a')}`])!;
    expect(store.blobs.size).toBe(0);
  });

  it('may hold a model that is called manifests', () => {
    const { manifests } = findStore([`models/${LIBRARY}/manifests/latest`])!;
    expect(displayName(manifests[0]!.name!)).toBe('manifests:latest');
  });

  it('gives no path above itself, and no name that is none', () => {
    const hostile = ['..', '.', '', 'a b', 'x\0', 'x:y', 'ü', '-x', 'a%2fb', 'x'.repeat(81)];
    for (const part of hostile) {
      for (const at of [1, 2, 3, 4]) {
        const folders = ['manifests', 'registry.ollama.ai', 'library', 'smollm2', '135m'];
        if (at === 1 && part === 'x:y') continue; // a host with a port
        if (at === 1 && part.length > 80) continue; // hosts may be longer
        folders[at] = part;
        const store = findStore([folders.join('/')]);
        expect(store?.manifests[0]?.name ?? null, folders.join('/')).toBeNull();
      }
    }
    for (const name of ['../x', `sha256-${HEX('a').slice(1)}`, `sha256-${HEX('g')}`, '__proto__']) {
      expect(findStore([`${LIBRARY}/x/y`, `blobs/${name}`])!.blobs.size).toBe(0);
    }
  });

  it('of 10,000 files is read at once', () => {
    const paths = Array.from({ length: 5000 }, (_, at) => [
      `${LIBRARY}/model${at}/latest`,
      `blobs/sha256-${at.toString(16).padStart(64, '0')}`,
    ]).flat();
    const store = findStore(paths)!;
    expect(store.manifests).toHaveLength(5000);
    expect(store.blobs.size).toBe(5000);
  });

  it('may hold what objects have by birth', () => {
    const { manifests } = findStore([`${LIBRARY}/__proto__/constructor`])!;
    const taken = new Set<string>();
    const read = planModel(manifests[0]!, manifest(), (digest) => WHOLE.get(digest), taken);
    expect(read).toMatchObject({ name: '__proto__:constructor', problem: null });
    expect(Object.keys({})).toEqual([]);
  });
});

describe('a model', () => {
  it('is listed with its size', () => {
    expect(plan(manifest())).toMatchObject({
      name: 'smollm2:135m',
      size: 115,
      problem: null,
      unknown: [],
      text: manifest(),
    });
  });

  it('counts a blob once that it has twice', () => {
    const twice = manifest([
      layer('model', 'a', 100),
      layer('template', 'b'),
      layer('system', 'b'),
    ]);
    expect(plan(twice).size).toBe(115);
  });

  it('with a missing blob names it', () => {
    const sizes = new Map([...WHOLE].slice(1));
    const { problem } = plan(manifest(), sizes);
    expect(problem).toMatchObject({
      type: 'blobs',
      missing: [{ digest: `sha256:${HEX('a')}`, size: 100 }],
      damaged: [],
    });
  });

  it.each([0, 99, 101])('with a blob of %i bytes of 100 names it', (size) => {
    const sizes = new Map([...WHOLE].map(([digest, all]) => [digest, all === 100 ? size : all]));
    const { problem } = plan(manifest(), sizes);
    expect(problem).toMatchObject({ type: 'blobs', missing: [], damaged: [{ size }] });
  });

  it.each(['', '{', 'null', '[]', '<html>', '{"schemaVersion":2}', manifest([]), manifest([{}])])(
    'with the manifest %j is named as corrupt',
    (text) => {
      expect(plan(text).problem).toMatchObject({ type: 'manifest' });
    },
  );

  it('names layers that Paddock does not read', () => {
    const { unknown, problem } = plan(manifest([layer('model', 'a', 100), layer('embed', 'b')]));
    expect(unknown).toEqual([`${PREFIX}embed`]);
    expect(problem).toBeNull();
  });

  it('without GGUF weights is not taken', () => {
    expect(plan(manifest([layer('tensor', 'a', 100)])).problem).toEqual({ type: 'weights' });
  });

  it('under a name that is none keeps its path, for people to read', () => {
    const stored: StoredManifest = { path: `${LIBRARY}/a b/c`, name: null };
    const read = planModel(stored, manifest(), () => 1, new Set());
    expect(read).toMatchObject({ name: `${LIBRARY}/a b/c`, problem: { type: 'name' }, blobs: [] });
  });

  it('in other letters is there once', () => {
    const taken = new Set<string>();
    const problems = ['Smol', 'smol'].map((name) => {
      const [stored] = findStore([`${LIBRARY}/${name}/latest`])!.manifests;
      return planModel(stored!, manifest(), (digest) => WHOLE.get(digest), taken).problem;
    });
    expect(problems).toEqual([null, { type: 'twice' }]);
  });
});
