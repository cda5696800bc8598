import { expect, it } from 'vitest';
import { FINAL, openScripted } from '../fixtures/scripted-house';

it('a completion asks for no context, which its answer has no place for', async () => {
  const { asked, call, close } = openScripted({ engine: [], model: [], chunks: [FINAL] });
  const body = { model: 'fake', prompt: 'hello' };
  expect((await call('POST', '/v1/completions', body)).status).toBe(200);
  expect((await call('POST', '/api/generate', { ...body, stream: false })).status).toBe(200);
  expect(asked.map((one) => 'tellContext' in one && one.tellContext)).toEqual([false, true]);
  close();
});
