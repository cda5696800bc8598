/** What was measured before a candidate failed is believed no more than what others were. */
import { expect, test } from 'vitest';
import { flagsOf, isStruck } from '#core/bench/flags';
import { eventsOf, onGpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

test('an idle adapter is told of, though the candidate fails before its answers are compared', async () => {
  const house = openBenchHouse({ bad: '/gpu /bench idle' });
  let deleted: Promise<Response> | undefined;
  const { run, events } = await house.run({ candidates: [onGpu('bad')], ...SMALL }, (event) => {
    if (event.type !== 'sample' || event.test !== 1) return;
    deleted ??= house.call('DELETE', '/api/delete', { model: 'bad' });
  });
  expect((await deleted)!.status).toBe(200);
  const [bad] = run.candidates;
  expect(bad).toMatchObject({
    error: { code: 'model_not_found' },
    agreement: { state: 'unverified' },
    proof: 'disproven',
  });
  const flags = bad!.tests.map((result) => flagsOf(result, { clockMs: 0, ...bad! }));
  expect(flags.map(isStruck)).toEqual([true, true]);
  expect(eventsOf(events, 'agreement')).toMatchObject([{ candidate: 0, proof: 'disproven' }]);
});
