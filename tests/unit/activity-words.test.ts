import { expect, it } from 'vitest';
import { activityWords } from '#core/activity-words';
import type { Activity } from '#core/engine';

const CASES: [Activity['phase'], number, number, string, number | null, string][] = [
  ['load', 0, 0, 'Llama is loading.', null, 'Loading Llama'],
  ['load', 310e6, 690e6, 'Llama is loading: 44 % (310 of 690 MB).', 44, 'Loading Llama'],
  ['load', 980e3, 1.2e9, 'Llama is loading: 0 % (980 kB of 1.2 GB).', 0, 'Loading Llama'],
  [
    'shaders',
    31,
    87,
    'Preparing the graphics adapter: 31 of 87 shaders.',
    35,
    'Preparing the graphics adapter',
  ],
  ['shaders', 0, 0, 'Preparing the graphics adapter.', null, 'Preparing the graphics adapter'],
  ['warmup', 0, 0, 'Llama is warming up.', null, 'Warming up Llama'],
  ['prompt', 1216, 6030, 'Reading the prompt: 1,216 of 6,030 tokens.', 20, 'Reading the prompt'],
  ['prompt', 0, 0, 'Reading the prompt.', null, 'Reading the prompt'],
];

it.each(CASES)('%s, %d of %d: %s', (phase, done, total, text, part, label) => {
  const activity = { model: 'llama:latest', phase, done, total };
  expect(activityWords(activity, 'Llama')).toEqual({ text, part, label });
});
