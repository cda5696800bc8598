import { expect, test } from 'vitest';
import type { StoredModel } from '#core/paddock-api';
import { leastUsed, proposed } from '$lib/ui/models/least-used';

const model = (name: string, own_size: number, last_used: string | null): StoredModel => ({
  name,
  size: 100,
  own_size,
  last_used,
});

/** Newest first, as the host lists them. */
const models = [
  model('new', 5, null),
  model('today', 10, '2026-03-05T10:00:00.000Z'),
  model('lately', 20, '2026-03-01T10:00:00.000Z'),
  model('old', 3, null),
];

test('the unused come first, oldest first, then by last use', () => {
  expect(leastUsed(models).map(({ name }) => name)).toEqual(['old', 'new', 'lately', 'today']);
});

test('as many are proposed as free what is wanted, and no more', () => {
  const listed = leastUsed(models);
  expect(proposed(listed, 0)).toEqual([]);
  expect(proposed(listed, 8)).toEqual(['old', 'new']);
  expect(proposed(listed, 9)).toEqual(['old', 'new', 'lately']);
  expect(proposed(listed, 1000)).toHaveLength(4);
  expect(proposed(listed, NaN)).toEqual([]);
});
