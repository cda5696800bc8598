import { beforeEach, expect, test } from 'vitest';
import { unsaved } from '../../src/lib/state/unsaved.svelte';

const full = () => Promise.reject(new Error('full'));
const fine = () => Promise.resolve();

beforeEach(() => unsaved.drop(''));

test('what failed is tried again, and the error stays until all is saved', async () => {
  let works = false;
  const saved: string[] = [];
  const save = (name: string) => async () => {
    if (!works) throw new Error('full');
    saved.push(name);
  };
  expect(await unsaved.write('a', save('a'))).toBe(false);
  expect(await unsaved.write('b', save('b'))).toBe(false);
  await unsaved.retry();
  expect(unsaved.error).not.toBeNull();
  works = true;
  await unsaved.retry();
  expect(saved).toEqual(['a', 'b']);
  expect(unsaved.error).toBeNull();
});

test('what is dropped is not tried again', async () => {
  let tries = 0;
  const fail = () => {
    tries++;
    return full();
  };
  await unsaved.write('conversation:1', fail);
  await unsaved.write('conversation:1/message:2', fail);
  unsaved.drop('conversation:1');
  expect(unsaved.error).toBeNull();
  await unsaved.retry();
  expect(tries).toBe(2);
});

test('a write that fails after a later one has succeeded is no error', async () => {
  let fail = (_: Error) => {};
  const early = unsaved.write('a', () => new Promise((_, reject) => (fail = reject)));
  await unsaved.write('a', fine);
  fail(new Error('full'));
  expect(await early).toBe(false);
  expect(unsaved.error).toBeNull();
});

test('a write that is dropped while it is under way is no error', async () => {
  let fail = (_: Error) => {};
  const early = unsaved.write('a', () => new Promise((_, reject) => (fail = reject)));
  unsaved.drop('a');
  fail(new Error('full'));
  await early;
  expect(unsaved.error).toBeNull();
});
