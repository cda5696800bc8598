/** The tour: once by itself, again for who asks, and never past its last step. */
import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { settings } from '../../src/lib/state/settings.svelte';
import { STEPS, tour } from '../../src/lib/state/tour.svelte';
import { voice } from '../../src/lib/state/voice.svelte';
import { readSetting } from '../../src/lib/storage/settings';

it('is offered once, said once, and remembered before it has ended', async () => {
  tour.offer();
  tour.offer();
  expect(tour.at).toBe(0);
  expect(voice.lines).toHaveLength(1);
  await expect.poll(() => readSetting('toured')).toBe(true);
  tour.end();
  tour.offer();
  expect(tour.at).toBeNull();

  tour.start();
  for (const step of STEPS.keys()) {
    expect(tour.at).toBe(step);
    tour.next();
  }
  expect(tour.at).toBeNull();
  expect(settings.values.toured).toBe(true);
});
