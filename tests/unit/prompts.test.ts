import { describe, expect, it } from 'vitest';
import { EXAMPLES, fillIn, matching, promptName, queryOf, variablesOf } from '#core/prompts';

describe('prompts', () => {
  it('ask for each variable once, in their order', () => {
    expect(variablesOf('{{ b }} {{a}} {{b}} {{}} { {c} } {{d\ne}}')).toEqual(['b', 'a']);
  });

  it('take values as they are: no variables, no patterns', () => {
    const values = { a: '{{b}} $& $1', b: 'B' };
    expect(fillIn('{{a}}|{{ b }}|{{c}}', values)).toBe('{{b}} $& $1|B|{{c}}');
    expect(fillIn('{{constructor}}', {})).toBe('{{constructor}}');
  });

  it.each([
    ['/', ''],
    ['/Sum', 'sum'],
    ['/say hello', null],
    [' /a', null],
    ['a/b', null],
    ['/a\n', null],
  ])('%j looks for %j', (message, query) => {
    expect(queryOf(message)).toBe(query);
  });

  it('are found by the beginning of a word of their names', () => {
    const all = ['fix-typos', 'typing', 'Fast'].map((name) => ({ name, text: '' }));
    const names = (query: string) => matching(all, query).map(({ name }) => name);
    expect(names('')).toEqual(['Fast', 'fix-typos', 'typing']);
    expect(names('typ')).toEqual(['fix-typos', 'typing']);
    expect(names('fix-t')).toEqual(['fix-typos']);
    expect(names('x')).toEqual([]);
  });

  it('have names without spaces', () => {
    expect(promptName(' /Fix my  typos ')).toBe('Fix-my-typos');
  });

  it('come with examples that ask for what they need', () => {
    for (const { name, text } of EXAMPLES) {
      expect(promptName(name)).toBe(name);
      expect(variablesOf(text).length).toBeGreaterThan(0);
    }
  });
});
