/** What models are told of dates. */
import { expect, it } from 'vitest';
import { answerDate, type DateArguments } from '#core/tools/date';

/** A Sunday, 23:20:05 in UTC. */
const NOW = Date.UTC(2026, 10, 22, 23, 20, 5, 700);

const answer = (asked: DateArguments) => answerDate(asked, NOW, 'Europe/Berlin');

it.each<[DateArguments, string]>([
  [{ action: 'now' }, '2026-11-23T00:20:05+01:00 (Monday), Europe/Berlin'],
  [
    { action: 'now', time_zone: 'America/St_Johns' },
    '2026-11-22T19:50:05-03:30 (Sunday), America/St_Johns',
  ],
  [{ action: 'weekday', date: '2024-02-29' }, '2024-02-29 is a Thursday.'],
  [{ action: 'weekday' }, '2026-11-23 is a Monday.'],
  [{ action: 'add', date: '2024-01-31', amount: 1, unit: 'months' }, '2024-02-29 (Thursday)'],
  [{ action: 'add', date: '2024-02-29', amount: -1, unit: 'years' }, '2023-02-28 (Tuesday)'],
  [
    { action: 'add', date: '2026-12-30', amount: 1.5, unit: 'weeks' },
    '2027-01-09T12:00:00 (Saturday)',
  ],
  [{ action: 'add', date: '2026-12-30', amount: 10, unit: 'days' }, '2027-01-09 (Saturday)'],
  [
    { action: 'add', date: '2026-12-31T23:30Z', amount: 45, unit: 'minutes' },
    '2027-01-01T00:15:00+00:00 (Friday)',
  ],
  [
    { action: 'difference', date: '2024-02-28', until: '2026-03-01' },
    '732 days; in calendar terms 2 years, 1 day',
  ],
  [
    { action: 'difference', date: '2026-03-01', until: '2026-02-01' },
    '-28 days ("until" is before "date"); in calendar terms 1 month',
  ],
  [
    { action: 'difference', date: '2026-01-01T00:00Z', until: '2026-01-02T12:30+01:00' },
    '1.4792 days, or 35.5 hours; in calendar terms 1 day, 11 hours, 30 minutes',
  ],
])('%j: %s', (asked, text) => {
  expect(answer(asked)).toBe(text);
});

it.each<[DateArguments, string]>([
  [{ action: 'weekday', date: 'tomorrow' }, '"tomorrow" is no date'],
  [{ action: 'weekday', date: '2026-02-30' }, 'There is no date'],
  [{ action: 'weekday', date: '2026-01-01T25:00' }, 'There is no date or time'],
  [{ action: 'now', time_zone: 'Atlantis' }, '"Atlantis" is no time zone'],
  [{ action: 'add', date: '2026-01-01' }, '"amount" and "unit"'],
  [{ action: 'add', date: '2026-01-01', amount: 1.5, unit: 'months' }, 'whole number'],
  [{ action: 'add', date: '2026-01-01', amount: 9000, unit: 'years' }, 'after the year 9999'],
  [{ action: 'add', date: '2026-01-01', amount: 1e300, unit: 'days' }, 'after the year 9999'],
  [{ action: 'difference', date: '2026-01-01' }, '"until"'],
])('%j is refused: %s', (asked, why) => {
  expect(() => answer(asked)).toThrow(why);
});
