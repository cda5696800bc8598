/** A stranger's objects, also those that no JSON can be. */
import { describe, expect, it } from 'vitest';
import { Fields, passable } from '#core/bench/fields';

describe('a field', () => {
  it('is the object’s own', () => {
    const inherits = new Fields(Object.create({ id: 'x' }), '');
    expect(inherits.has('id')).toBe(false);
    expect(inherits.has('toString')).toBe(false);
    expect(() => inherits.text('id')).toThrow('id is missing');
  });

  it('is a number only where it is one', () => {
    const fields = new Fields({ a: NaN, b: Infinity, c: '1', d: -0.5 }, 'x');
    for (const key of ['a', 'b', 'c']) {
      expect(() => fields.number(key, 10)).toThrow(`x.${key} is no number`);
    }
    expect(() => fields.number('d', 10)).toThrow('x.d is not between 0 and 10');
  });

  it('names its place', () => {
    const whole = new Fields({ rows: [{ ok: true }, { ok: 1 }] }, '');
    expect(() => whole.list('rows', 5, (row) => row.flag('ok'))).toThrow(
      'rows[1].ok is neither true nor false',
    );
  });

  it('may be absent or null where that is said', () => {
    const fields = new Fields({ none: null, some: 'x' }, '');
    expect(fields.orNull('none', (key) => fields.text(key))).toBeNull();
    expect(fields.ifThere('some', (key) => fields.text(key))).toEqual({ some: 'x' });
    expect(fields.ifThere('other', (key) => fields.text(key))).toEqual({});
  });
});

it('what is made passable passes, and nothing else of it changes', () => {
  const text = passable(`a\u202eb\n${'x'.repeat(300)}`);
  expect(new Fields({ text }, '').text('text')).toBe(`a b ${'x'.repeat(195)}…`);
  expect(passable('Qwen3 – “fine”, ä')).toBe('Qwen3 – “fine”, ä');
});
