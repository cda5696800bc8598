/** `[::1]`, which no content security policy can name: who writes it is told to write localhost. */
import { expect, test } from 'vitest';
import { explain } from '#core/sentences';
import type { WireError } from '#core/errors';
import { openSources } from '../fixtures/hub/sources';
import { openHouse } from '../fixtures/house';

test('a plain address there', async () => {
  const { resolve, world } = openSources();
  const error: unknown = await resolve('http://[::1]:8080/tiny.gguf').catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code: 'host_not_allowed',
    detail: { instead: 'localhost:8080' },
    message: 'No site may ask [::1]:8080: a policy cannot name it. Write localhost:8080 instead.',
  });
  expect(explain(error as WireError)).toEqual({
    sentence: 'This site may not ask [::1]:8080: no policy can name it.',
    remedy: 'Write localhost:8080 instead.',
  });
  expect(world.log).toEqual([]);
});

test('a mirror there', async () => {
  const house = openHouse();
  const answer = await house.call('POST', '/api/paddock/hub', { mirror: 'http://[::1]' });
  expect(await answer.json()).toMatchObject({
    code: 'host_not_allowed',
    error: 'No site may ask [::1]: a policy cannot name it. Write localhost instead.',
  });
  house.close();
});
