/** What engines remember of models: through the runner's port to the database and back, and what goes wrong there. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { serve } from '#core/callee';
import { Caller } from '#core/caller';
import { parseDigest } from '#core/digest';
import type { EngineInfo, RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { RunnerMethods } from '#core/methods';
import { EngineNotes } from '../../workers/host/engine-notes';
import { RegistryDb } from '../../workers/host/registry/db';
import { RunnerProcess, type NoteShelf } from '../../workers/host/scheduler/runner-process';
import type { LoadContext, LoadedModel } from '../../workers/runner/engine';
import { runnerHandlers } from '../../workers/runner/service';
import { digest } from '../fixtures/house';

const OPTIONS = { num_ctx: 0, num_gpu: 0, num_thread: 1 };
const A = digest('a');
const B = digest('b');

let now = 1000;
let db: RegistryDb;
let warned: string[];
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  db = new RegistryDb();
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warned.push(text));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await db.close();
});

const modelOf = (...weights: RunnerModel['files'][number]['digest'][]): RunnerModel => ({
  ...{ format: 'fake', size: 1 },
  files: weights.map((digest) => ({ digest })),
});

/** Loads with an engine that does only this, and ends. */
async function load(
  work: (context: LoadContext) => void,
  model = modelOf(A),
  notes: NoteShelf = new EngineNotes(db, () => now),
) {
  const { port1, port2 } = new MessageChannel();
  const engine = {
    name: 'noting',
    load: async (...[, , , context]: [unknown, unknown, unknown, LoadContext]) => {
      work(context);
      return { info: { engine: 'noting' } as EngineInfo } as LoadedModel;
    },
  };
  serve<RunnerMethods>(
    port2,
    runnerHandlers({
      store: { open: async () => new Blob() },
      engineFor: async () => engine,
      onDeath: () => {},
      holdLock: () => Promise.resolve(),
    }),
  );
  const port = {
    caller: new Caller<RunnerMethods>(port1),
    terminate: () => port1.close(),
    whenFree: () => new Promise<void>(() => {}),
    notes,
  };
  const progress: unknown[] = [];
  const { signal } = new AbortController();
  try {
    const told = (one: unknown) => void progress.push(one);
    const { info } = await RunnerProcess.start(() => port, model, OPTIONS, signal, told);
    return { info, progress };
  } finally {
    port1.close();
  }
}

async function readAt(model: RunnerModel, key = 'probe'): Promise<unknown> {
  let found: unknown;
  await load(({ notes }) => (found = notes?.read(key)), model);
  return found;
}

describe('a note', () => {
  test('is there at the next load of the weights, whatever their parts are called first', async () => {
    const { info, progress } = await load(
      ({ notes, onProgress }) => {
        expect(notes?.read('probe')).toBeUndefined();
        onProgress({ phase: 'engine' });
        notes?.write('probe', { best: [4, 64] });
        expect(notes?.read('probe')).toEqual({ best: [4, 64] });
      },
      modelOf(B, A),
    );
    expect(info).toEqual({ engine: 'noting' });
    expect(progress).toEqual([{ phase: 'engine' }]);
    expect(await readAt(modelOf(A, B))).toEqual({ best: [4, 64] });
    expect(await readAt(modelOf(A, B), 'other')).toBeUndefined();
    expect(await readAt(modelOf(B))).toBeUndefined();
  });

  test('is of the weights, with a projector and without', async () => {
    const { files, ...rest } = modelOf(B);
    const seeing: RunnerModel = { ...rest, files: [...files, { digest: A, role: 'projector' }] };
    await load(({ notes }) => notes?.write('probe', 1), seeing);
    expect(await readAt(modelOf(B))).toBe(1);
    expect(await readAt(modelOf(A))).toBeUndefined();
  });

  test('takes an older one’s place', async () => {
    await load(({ notes }) => notes?.write('probe', 1));
    await load(({ notes }) => notes?.write('probe', 2));
    expect(await readAt(modelOf(A))).toBe(2);
  });

  test('is kept by a load that fails', async () => {
    const failing = load(({ notes }) => {
      notes?.write('probe', 'learned');
      throw new PaddockError('out_of_memory', 'no room');
    });
    await expect(failing).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(await readAt(modelOf(A))).toBe('learned');
  });

  test('goes with its weights, and no other', async () => {
    await load(({ notes }) => notes?.write('probe', 'a'), modelOf(A));
    await load(({ notes }) => notes?.write('probe', 'b'), modelOf(B));
    await db.forgetBlob(A);
    expect(await readAt(modelOf(A))).toBeUndefined();
    expect(await readAt(modelOf(B))).toBe('b');
  });

  test.each([
    ['is too large', 'x'.repeat(5000)],
    ['is no data', () => {}],
    ['is nothing', undefined],
  ])('that %s is told and not kept, and the load goes on', async (_, value) => {
    const { info } = await load(({ notes }) => notes?.write('probe', value));
    expect(info).toEqual({ engine: 'noting' });
    expect(warned).toEqual([expect.stringContaining('"probe"')]);
    expect(await readAt(modelOf(A))).toBeUndefined();
  });
});

test('the note that was not used for longest makes room for the 65th', async () => {
  const numbered = (at: number) => modelOf(parseDigest(`sha256:${String(at).padStart(64, '0')}`)!);
  for (let at = 0; at < 64; at++, now++) {
    await load(({ notes }) => notes?.write('probe', at), numbered(at));
  }
  expect(await readAt(numbered(0))).toBe(0); // and so it is in use
  now++;
  await load(({ notes }) => notes?.write('probe', 64), numbered(64));
  const left = await Promise.all([0, 1, 2, 64].map((at) => readAt(numbered(at))));
  expect(left).toEqual([0, undefined, 2, 64]);
});

test('a database that fails costs the notes and not the load', async () => {
  const failed = () => Promise.reject(new PaddockError('storage_failed', 'no'));
  const shelf = new EngineNotes({ engineNotes: failed, putEngineNote: failed }, () => 0);
  const write = ({ notes }: LoadContext) => notes?.write('probe', 1);
  expect(await load(write, modelOf(A), shelf)).toMatchObject({ info: { engine: 'noting' } });
  expect(warned).toHaveLength(2);
});

test('a database without notes is brought forward with what it has; a damaged note is none', async () => {
  const old = await openDB('paddock-models', 5, {
    upgrade(older) {
      for (const store of ['manifests', 'pulls', 'usage', 'settings']) {
        older.createObjectStore(store, { keyPath: 'key' });
      }
      for (const store of ['ledgers', 'verified', 'damaged']) {
        older.createObjectStore(store, { keyPath: 'digest' });
      }
      older.createObjectStore('tokens', { keyPath: 'host' });
      older.createObjectStore('libraries', { keyPath: 'url' });
      older.createObjectStore('references', { keyPath: 'weights' });
    },
  });
  await old.put('usage', { key: 'one', usedAt: 5 });
  old.close();
  await load(({ notes }) => notes?.write('probe', 'kept'));
  expect(await db.usage()).toEqual(new Map([['one', 5]]));
  await db.close();

  const damaged = await openDB('paddock-models');
  await damaged.put('engine_notes', { weights: A, key: 'probe' });
  damaged.close();
  expect(await readAt(modelOf(A))).toBeUndefined();
  await load(({ notes }) => notes?.write('probe', 'anew'));
  expect(await readAt(modelOf(A))).toBe('anew');
});
