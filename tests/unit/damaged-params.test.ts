/** A registry's `params` layer that is damaged, or has values of another type: the model answers, and is listed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installed, openHouse } from '../fixtures/house';

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

async function ask(params: string, path: string, body: object) {
  const house = openHouse([installed('fake', { params })]);
  const response = await house.call('POST', path, { model: 'fake', stream: false, ...body });
  const answer = { status: response.status, body: (await response.json()) as { error?: string } };
  house.close();
  return answer;
}

const messages = [{ role: 'user', content: 'Hi' }];

test.each([
  ['{"temperature":"hot"}', undefined],
  ['{"stop":"<end>","top_k":7}', 'top_k                          7'],
  ['{"temperature":0.5', undefined],
  ['[1]', undefined],
  ['null', undefined],
  ['', undefined],
])('%s', async (params, parameters) => {
  for (const [path, more] of [
    ['/api/chat', { messages }],
    ['/api/generate', { prompt: 'Hi' }],
  ] as const) {
    const { status, body } = await ask(params, path, more);
    expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  }
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('Parameters of fake:latest'));
  const shown = await ask(params, '/api/show', {});
  expect(shown.status).toBe(200);
  expect((shown.body as { parameters?: string }).parameters).toBe(parameters);
});

test('what a request asks for is still refused', async () => {
  const { status, body } = await ask('{}', '/api/chat', {
    messages,
    options: { temperature: 'hot' },
  });
  expect({ status, error: body.error }).toEqual({
    status: 400,
    error: 'option "temperature" must be of type float32',
  });
});
