/** Many requests for several models at once, of which some are given up: none is lost, and nothing stays behind. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Disturbances } from '../../workers/host/disturbances';
import { installed, lines, LIMITS, openHouse } from '../fixtures/house';

const NAMES = ['one', 'two', 'three'];
const MIB = 1024 * 1024;

let disturbances: Disturbances;
beforeEach(() => void (disturbances = new Disturbances()));
afterEach(() => vi.useRealTimers());

function open(names = NAMES) {
  const models = names.map((name, at) => installed(name, {}, 'abcdef'[at]));
  return openHouse(models, 'weights', undefined, { disturbances });
}

type House = ReturnType<typeof open>;

function ask(house: House, model: string, content: string, more = {}, signal?: AbortSignal) {
  const body = { model, messages: [{ role: 'user', content }], ...more };
  return house.call('POST', '/api/chat', body, signal);
}

async function ps(house: House) {
  const { models } = (await (await house.call('GET', '/api/ps')).json()) as {
    models: { name: string }[];
  };
  return models.map(({ name }) => name).sort();
}

/** Nobody waits, nothing is said to go on, and a benchmark would begin at once. */
async function expectQuiet(house: House) {
  expect(await (await house.call('GET', '/api/paddock/runners')).json()).toMatchObject({
    activities: [],
    writing: [],
  });
  expect(disturbances.now).toBeNull();
}

/** The same numbers each time, from 0 to below `below`. */
function sequence(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it.each([
  ['all of which fit', 4096 * MIB, 3],
  ['of which one fits', 1, 1],
])('200 requests for three models %s, 50 of them given up', async (_, device_memory, most) => {
  const house = open();
  house.deps.limits = () => Promise.resolve({ ...LIMITS, device_memory });
  const random = sequence(7);
  const asked = Array.from({ length: 200 }, (_, at) => {
    const stop = new AbortController();
    const model = NAMES[random(3)]!;
    const quits = at % 4 === 0;
    // Some hang until they are given up; the others are given up wherever they are by then.
    const content = quits && at % 8 === 0 ? '/hang' : `/say ${at}`;
    const more = { stream: at % 3 === 0, keep_alive: -1 };
    const answer = ask(house, model, content, more, stop.signal);
    return { at, answer, quits, stop };
  });
  for (const { quits, stop } of asked) {
    if (!quits) continue;
    for (let turns = random(4); turns > 0; turns--) await new Promise(setImmediate);
    stop.abort();
  }
  const good = await Promise.all(
    asked.map(async ({ at, answer, quits }) => {
      const response = await answer;
      const all = await lines(response);
      if (quits) return [200, 499].includes(response.status);
      const said = all.map(({ message }) => (message as { content: string }).content).join('');
      return response.status === 200 && said === `${at}` && all.at(-1)!.done === true;
    }),
  );
  expect(good.filter((one) => !one)).toEqual([]);
  const running = house.runners.filter(({ closed }) => !closed);
  expect(running).toHaveLength(most);
  expect(await ps(house)).toHaveLength(most);
  await expectQuiet(house);
  if (most === 3) expect(house.runners).toHaveLength(3); // each was loaded once
  house.close();
});

it('leaves no timers behind', async () => {
  const house = open();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const stop = new AbortController();
  const asked = Array.from({ length: 30 }, (_, at) => {
    const signal = at % 5 === 0 ? stop.signal : undefined;
    const content = at % 5 === 0 ? '/hang' : '/say Well.';
    return ask(house, NAMES[at % 3]!, content, { keep_alive: at > 26 ? 0 : -1 }, signal);
  });
  stop.abort();
  for (const answer of asked) await (await answer).text();
  expect(await ps(house)).toEqual([]);
  await expectQuiet(house);
  expect(vi.getTimerCount()).toBe(0);
  house.close();
});

it('two models whose devices are lost in their replies both end, and both load again', async () => {
  const house = open();
  house.disk.weights = '/gpu';
  const replies = await Promise.all(['one', 'two'].map((name) => ask(house, name, '/lose 9')));
  const waiting = ask(house, 'three', '/say Well.', { stream: false });
  for (const reply of replies) {
    expect((await lines(reply)).at(-1)).toMatchObject({ code: 'device_lost' });
  }
  expect((await waiting).status).toBe(200);
  expect(house.runners.slice(0, 2).map(({ closed }) => closed)).toEqual([true, true]);
  for (const name of ['one', 'two']) {
    const answer = await ask(house, name, '/say Again.', { stream: false });
    expect(answer.status).toBe(200);
  }
  expect(await ps(house)).toEqual(['one:latest', 'three:latest', 'two:latest']);
  expect(house.runners.filter(({ closed }) => !closed)).toHaveLength(3);
  await expectQuiet(house);
  house.close();
});

it('two models that are lost while nobody asks are in no list, and load again one after the other', async () => {
  const house = open();
  for (const name of NAMES) await (await ask(house, name, '/say Well.')).text();
  for (const runner of house.runners.slice(0, 2)) runner.kill();
  await vi.waitFor(async () => expect(await ps(house)).toEqual(['three:latest']));
  const answers = await Promise.all(NAMES.map((name) => ask(house, name, '/say Well.')));
  for (const answer of answers) expect(await lines(answer)).toMatchObject([{}, { done: true }]);
  expect(house.runners).toHaveLength(5);
  house.close();
});

it('the 513th that waits is answered with 503, and all others in turn', async () => {
  const house = open();
  const stop = new AbortController();
  const hanging = ask(house, 'one', '/hang', {}, stop.signal);
  await vi.waitFor(async () => expect(await ps(house)).toEqual(['one:latest']));
  const waiting = Array.from({ length: 512 }, async () =>
    lines(await ask(house, 'one', '/say Well.')),
  );
  const late = await ask(house, 'one', '/say Late.');
  expect(late.status).toBe(503);
  expect(await late.json()).toMatchObject({
    error: 'server busy, please try again.  maximum pending requests exceeded',
  });
  stop.abort();
  expect((await hanging).status).toBe(499);
  for (const reply of await Promise.all(waiting))
    expect(reply.at(-1)).toMatchObject({ done: true });
  await expectQuiet(house);
  house.close();
});

it('what goes wrong where turns are given is told to whose it was, and the next has its turn', async () => {
  const house = open();
  let wrong = true;
  house.deps.limits = () =>
    Promise.resolve({
      ...LIMITS,
      get device_memory() {
        if (wrong) throw new Error('no such number');
        return LIMITS.device_memory;
      },
    });
  await (await ask(house, 'one', '/say Well.')).text(); // the first needs no room beside others
  vi.spyOn(console, 'error').mockReturnValue();
  expect((await ask(house, 'two', '/say Well.')).status).toBe(500);
  wrong = false;
  for (const name of NAMES) {
    expect(await lines(await ask(house, name, '/say Well.'))).toMatchObject([{}, { done: true }]);
  }
  await expectQuiet(house);
  house.close();
});
