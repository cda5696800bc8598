/** Whoever has a request's signal alone hears of the abort, whatever the memory holds. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

test('a request that is held by its signal alone passes an abort on', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const gone = new AbortController();
  const asked = () => new Request('http://paddock.test', { signal: gone.signal });
  const collected = new WeakRef({});
  const { signal } = asked();
  while (collected.deref()) {
    await new Promise(setImmediate); // what is looked at is held till then
    collect();
  }
  gone.abort();
  expect(signal.aborted).toBe(true);
});
