/** The whole digest, which reads back what is there. */
import { expect, test } from 'vitest';
import type { Digest } from '#core/digest';
import type { BlobWriter } from '#store/blob-store';
import { Frontier } from '../../workers/puller/frontier';
import { Layout } from '../../workers/puller/layout';
import type { WholeHash } from '../../workers/puller/whole-hash';

const MIB = 1024 * 1024;
const PART = 4 * MIB;
const DIGEST = `sha256:${'a'.repeat(64)}` as Digest;

/** A hash that answers when it is told to, in the order in which it was asked. */
class SlowHash implements WholeHash {
  readonly asked: string[] = [];
  readonly #answers: (() => void)[] = [];
  #saved = 0;

  load = () => Promise.resolve(true);
  close = () => {};
  update = ({ buffer }: Uint8Array<ArrayBuffer>) => this.#later('update', buffer);
  save = () => this.#later('save', Uint8Array.of(++this.#saved));
  digest = () => this.#later('digest', DIGEST);

  /** Answers all that was asked, and what is asked in consequence. */
  async answerAll(): Promise<void> {
    for (let answer = this.#answers.shift(); answer; answer = this.#answers.shift()) {
      answer();
      await turn();
    }
  }

  /** Answers the first question that is open. */
  async answer(): Promise<void> {
    this.#answers.shift()!();
    await turn();
  }

  #later<T>(what: string, value: T): Promise<T> {
    this.asked.push(what);
    return new Promise((resolve) => this.#answers.push(() => resolve(value)));
  }
}

/** All that follows from what is known by now. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function frontierOf(parts: number, hash: WholeHash): Frontier {
  const layout = Layout.of({ kind: 'bytes', blob: new Blob() }, parts * PART, PART);
  const writer = { read: (into: Uint8Array) => Promise.resolve(into.length) };
  const from = { hashed: 0, state: null };
  return new Frontier(layout, writer as unknown as BlobWriter, hash, from, () => true);
}

const count = (hash: SlowHash, what: string) => hash.asked.filter((one) => one === what).length;

test('twelve slices are on their way to the hash, whichever part they are of', async () => {
  const hash = new SlowHash();
  const end = frontierOf(5, hash).end();
  await turn();
  expect([count(hash, 'update'), count(hash, 'save')]).toEqual([12, 3]);
  await hash.answerAll();
  expect(await end).toBe(DIGEST);
  expect([count(hash, 'update'), count(hash, 'save')]).toEqual([20, 5]);
});

test('a part counts as hashed when the state that has it has come, not before', async () => {
  const hash = new SlowHash();
  const frontier = frontierOf(2, hash);
  const end = frontier.end();
  await turn();
  for (let slice = 0; slice < 4; slice++) await hash.answer();
  expect(frontier.saved).toEqual({ hashed: 0, hashState: null });
  await hash.answer();
  expect(frontier.saved).toEqual({ hashed: 1, hashState: Uint8Array.of(1) });
  await hash.answerAll();
  await end;
  expect(frontier.saved).toEqual({ hashed: 2, hashState: Uint8Array.of(2) });
});

test('after a failed read nothing is hashed any more, and no state is kept', async () => {
  const hash = new SlowHash();
  const layout = Layout.of({ kind: 'bytes', blob: new Blob() }, 2 * PART, PART);
  let reads = 0;
  const read = (into: Uint8Array) =>
    ++reads === 3 ? Promise.reject(new Error('busy')) : Promise.resolve(into.length);
  const writer = { read } as unknown as BlobWriter;
  const frontier = new Frontier(layout, writer, hash, { hashed: 0, state: null }, () => true);
  await expect(frontier.advance()).rejects.toThrow('busy');
  await expect(frontier.advance()).rejects.toThrow('busy');
  await hash.answerAll();
  expect(hash.asked).toEqual(['update', 'update']);
  expect(frontier.saved).toEqual({ hashed: 0, hashState: null });
  await frontier.stop();
});
