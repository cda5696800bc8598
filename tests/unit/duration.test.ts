import { expect, it } from 'vitest';
import { parseKeepAlive } from '#core/duration';

it.each([
  [undefined, 300_000],
  [null, 300_000],
  [42, 42_000],
  [42.5, 42_500],
  [0, 0],
  [-1, Infinity],
  ['42m', 42 * 60_000],
  ['1h30m', 90 * 60_000],
  ['1.5s', 1500],
  ['100ms', 100],
  ['0', 0],
  ['-1s', Infinity],
  ['5', null],
  ['soon', null],
  ['', null],
  [true, null],
  [{}, null],
])('keep_alive %j is %d ms', (value, ms) => {
  expect(parseKeepAlive(value)).toBe(ms);
});
