import { afterEach, expect, it, vi } from 'vitest';
import { installed, openHouse } from '../fixtures/house';

let house = openHouse();
afterEach(() => house.close());

it('ends a load before it deletes, since the load has the file open', async () => {
  house = openHouse(undefined, '/stuck');
  const loading = house.call('POST', '/api/generate', { model: 'fake' });
  await vi.waitFor(() => expect(house.scheduler.activities[0]).toMatchObject({ total: 6 }));
  const remove = house.deps.registry.delete;
  let open = true;
  house.deps.registry.delete = (name) => {
    open = !house.runners[0]!.closed;
    return remove(name);
  };
  expect((await house.call('DELETE', '/api/delete', { model: 'fake' })).status).toBe(200);
  expect(open).toBe(false);
  const refused = await loading;
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({
    error: 'The model was deleted while it was loading.',
  });
});

it('deletes one of two names without unloading the model', async () => {
  house = openHouse([installed('fake'), installed('copy')]);
  await house.call('POST', '/api/generate', { model: 'fake' });
  await house.call('DELETE', '/api/delete', { model: 'fake' });
  expect(house.scheduler.list()).toHaveLength(1);
  await house.call('DELETE', '/api/delete', { model: 'copy' });
  expect(house.scheduler.list()).toEqual([]);
});
