import { expect, it } from 'vitest';
import { NO_FACTS } from '#core/weights-facts';
import { openHouse } from '../fixtures/house';

it.each([
  ['/api/chat', { messages: [{ role: 'user', content: 'hello' }] }],
  ['/api/generate', { prompt: 'hello' }],
  ['/api/embed', { input: 'hello' }],
])('%s counts its time from the arrival, before the model is looked up', async (path, body) => {
  const house = openHouse();
  house.deps.registry.facts = async () => ({
    ...NO_FACTS,
    capabilities: ['completion', 'embedding'],
  });
  let now = 0;
  house.deps.now = () => now;
  const { get } = house.deps.registry;
  house.deps.registry.get = (name) => {
    now = 250;
    return get(name);
  };
  const answer = await house.call('POST', path, { model: 'fake', stream: false, ...body });
  expect(await answer.json()).toMatchObject({ total_duration: 250e6 });
  house.close();
});
