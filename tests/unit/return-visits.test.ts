import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReturnVisits } from '../../src/service-worker/return-visits';

const URL_OF_CHAT = 'http://paddock.test/site/api/chat?a=b';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An answer that comes when `say` is called, and whether its request was given up. */
function ask(visits: ReturnVisits) {
  let say!: (status: number) => void;
  let fail!: (error: unknown) => void;
  const answer = new Promise<number>((resolve, reject) => {
    say = resolve;
    fail = reject;
  });
  const left = vi.fn();
  const respond = (known: number | null) => new Response('text', { status: known ?? 200 });
  return { say, fail, left, told: visits.first(URL_OF_CHAT, { answer, respond, left }) };
}

/** Goes where it is sent as long as it is sent somewhere; `at` hears of each way. */
async function follow(visits: ReturnVisits, told: Promise<Response>, at = (_: number) => {}) {
  let response = await told;
  let times = 0;
  for (; response.status === 303; response = await visits.again(response.headers.get('Location')!)!)
    at(++times);
  return { times, status: response.status };
}

/** `work`, while time goes on as fast as it can. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let over = false;
  void work.then(() => (over = true));
  while (!over) await vi.advanceTimersByTimeAsync(100);
  return work;
}

it('an answer that comes at once has its status, and nobody is sent round', async () => {
  const visits = new ReturnVisits();
  const { say, told } = ask(visits);
  say(404);
  expect((await told).status).toBe(404);
  expect(vi.getTimerCount()).toBe(0);
});

it('one that comes late has it too, for whoever came back', async () => {
  const visits = new ReturnVisits();
  const { say, told, left } = ask(visits);
  const seen: string[] = [];
  void told.then((response) => seen.push(response.headers.get('Location')!));
  setTimeout(() => say(503), 60_000);
  expect((await inTime(follow(visits, told))).status).toBe(503);
  expect(new URL(seen[0]!).pathname).toBe('/site/api/chat');
  expect(new URL(seen[0]!).searchParams.get('a')).toBe('b');
  expect(left).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it('a failure is thrown where the answer would have been', async () => {
  const visits = new ReturnVisits();
  const { fail, told } = ask(visits);
  setTimeout(() => fail(new Error('gone')), 1000);
  const end = follow(visits, told).catch((error: unknown) => error);
  expect(await inTime(end)).toEqual(new Error('gone'));
});

it('nobody is sent round more often than a fetch goes; then the answer begins all the same', async () => {
  const visits = new ReturnVisits();
  const { told, left } = ask(visits);
  expect(await inTime(follow(visits, told))).toEqual({ times: 20, status: 200 });
  expect(left).not.toHaveBeenCalled();
});

it('who does not come back is not waited for, and comes too late then', async () => {
  const visits = new ReturnVisits();
  const { told, left } = ask(visits);
  const address = (await inTime(told)).headers.get('Location')!;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(left).toHaveBeenCalledTimes(1);
  await expect(visits.again(address)).rejects.toMatchObject({ code: 'aborted' });
  expect(vi.getTimerCount()).toBe(0);
});

it('other requests are none of those that come back', () => {
  expect(new ReturnVisits().again(URL_OF_CHAT)).toBeNull();
});
