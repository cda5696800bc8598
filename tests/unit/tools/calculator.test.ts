/** Expressions as models write them. */
import { expect, it } from 'vitest';
import { calculate, formatNumber } from '#core/tools/calculator';

const worked = (text: string) => formatNumber(calculate(text));

it.each([
  ['1 + 2 * 3', '7'],
  ['(1 + 2) * 3', '9'],
  ['2 ^ 3 ^ 2', '512'],
  ['2 ** 10', '1024'],
  ['-2 ^ 2', '-4'],
  ['2 ^ -1', '0.5'],
  ['(-2) ^ 2', '4'],
  ['--3', '3'],
  ['7 % 3', '1'],
  ['-7 % 3', '-1'],
  ['1 / 4', '0.25'],
  ['0.1 + 0.2', '0.3'],
  ['.5 + 1.', '1.5'],
  ['1e3 + 2.5E-1', '1000.25'],
  ['5!', '120'],
  ['3!!', '720'],
  ['sqrt(2) ^ 2', '2'],
  ['√(16)', '4'],
  ['6 × 7 ÷ 2 − 1', '20'],
  ['round(2.345, 2)', '2.35'],
  ['round(1.005, 2)', '1.01'],
  ['round(-1234, -2)', '-1200'],
  ['log(1000) + ln(e) + log(8, 2)', '7'],
  ['max(1, 2, 3) - min(4, 5)', '-1'],
  ['mean(1, 2, 6)', '3'],
  ['PI - pi', '0'],
  ['sin(pi)', '1.22464679914735e-16'],
  ['2 ^ 53', 'about 9007199254740990'],
  ['0 * -1', '0'],
])('%s is %s', (text, value) => {
  expect(worked(text)).toBe(value);
});

it.each([
  ['', 'ends too early'],
  ['1 +', 'ends too early'],
  ['(1 + 2', '")" is missing'],
  ['1 + ) 2', 'Unexpected ")" at character 5'],
  ['2 pi', 'Unexpected "pi" at character 3. Write *'],
  ['2(3)', 'Unexpected "(" at character 2. Write *'],
  ['1,000 + 1', 'Write 1000 for 1,000'],
  ['1 / 0', 'Division by zero at character 5'],
  ['1 % (1 - 1)', 'Division by zero at character 5'],
  ['sqrt', 'needs "(" behind it'],
  ['sqrt(-1)', 'not a real number'],
  ['atan2(1)', 'takes 2, not 1'],
  ['10 ^ 400', 'too large'],
  ['171!', 'too large'],
  ['(-1)!', 'whole number from 0'],
  ['alert(1)', '"alert" at character 1 is not known'],
  ['constructor', 'is not known'],
  ['__proto__', 'is not known'],
  ['"a"', '""" at character 1'],
  ['1; 2', '";" at character 2'],
  ['('.repeat(200), 'nested more than 100 times'],
  ['-'.repeat(500) + '1', 'nested more than 100 times'],
  ['1+'.repeat(2000) + '1', 'more than 2000 characters'],
])('%s is refused: %s', (text, why) => {
  expect(() => calculate(text)).toThrow(why);
});
