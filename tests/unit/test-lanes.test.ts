/** The order in which `npm test` takes its steps. */
import { expect, it } from 'vitest';
import { runInLanes, type Step } from '../../scripts/test/lanes';

/** Steps that end when they are told to. */
function lanes(steps: Step[]) {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (reason: Error) => void }>();
  const all = runInLanes(steps, 2, (step) => {
    begun.push(step);
    return new Promise((resolve, reject) => ends.set(step, { resolve, reject }));
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    all,
    async end(step: string) {
      ends.get(step)!.resolve();
      await settle();
    },
    async fail(step: string) {
      ends.get(step)!.reject(new Error(`${step} failed`));
      await settle();
    },
  };
}

it('runs two at once, in their order', async () => {
  const { begun, end, all } = lanes([{ step: 'a' }, { step: 'b' }, { step: 'c' }]);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  await end('c');
  await all;
});

it('passes over a step that waits, and begins it once it may', async () => {
  const { begun, end, all } = lanes([
    { step: 'a' },
    { step: 'after a', after: ['a'] },
    { step: 'b' },
    { step: 'c' },
  ]);
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'after a']);
  await end('after a');
  await end('b');
  await end('c');
  await all;
  expect(begun).toEqual(['a', 'b', 'after a', 'c']);
});

it('leaves a lane empty where all else waits', async () => {
  const { begun, end, all } = lanes([{ step: 'a' }, { step: 'b', after: ['a'] }]);
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  await all;
});

it('begins nothing after a failure', async () => {
  const { begun, end, fail, all } = lanes([{ step: 'a' }, { step: 'b' }, { step: 'c' }]);
  const rejected = expect(all).rejects.toThrow('a failed');
  await fail('a');
  await rejected;
  await end('b');
  expect(begun).toEqual(['a', 'b']);
});

it('names steps that wait for each other', async () => {
  const { all } = lanes([
    { step: 'a', after: ['b'] },
    { step: 'b', after: ['a'] },
  ]);
  await expect(all).rejects.toThrow('These can never begin: a, b.');
});
