import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UNREAD_MS } from '../../workers/host/server/while-read';
import { lines, openHouse } from '../fixtures/house';

const house = openHouse();

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

afterEach(() => {
  vi.useRealTimers();
  house.close();
});

function ask(content: string, stream: boolean) {
  const messages = [{ role: 'user', content }];
  return house.call('POST', '/api/chat', { model: 'fake', messages, stream });
}

it('a reply that is not read for five minutes loses its turn, and does not end as a complete one', async () => {
  const response = await ask('/flood', true);
  const answered = vi.fn();
  const next = ask('again', false).then(answered);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1)); // the first line is made, and waits
  await vi.advanceTimersByTimeAsync(UNREAD_MS - 1000);
  expect(answered).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  await next;
  expect(answered.mock.calls[0]).toMatchObject([{ status: 200 }]);
  const said = await lines(response);
  expect(said.at(-1)).toMatchObject({ code: 'aborted' });
  expect(said.filter(({ done }) => done === true)).toEqual([]);
});
