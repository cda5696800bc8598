/** The grammar as llama.cpp is given it. */
import { describe, expect, it } from 'vitest';
import { formatGrammar } from '#core/grammar/format-grammar';
import { toGbnf } from '#core/grammar/gbnf';

const written = (schema: Record<string, unknown>) => toGbnf(formatGrammar(schema));

describe('llama.cpp’s notation', () => {
  it('has the root first, and each rule that is named', () => {
    const lines = written({
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'array' } },
    }).split('\n');
    expect(lines[0]).toMatch(/^root ::= ref0$/);
    const names = lines.filter(Boolean).map((line) => line.split(' ::= ')[0]!);
    expect(new Set(names).size).toBe(names.length);
    for (const line of lines) {
      const texts = line.replaceAll(/"[^"]*"|\[[^\]]*\]|\{[^}]*\}/g, ' ');
      for (const name of texts.match(/[a-z]\w*/g) ?? []) expect(names, line).toContain(name);
    }
  });

  it('has letters and digits as they are, and all else by its number', () => {
    const text = written({ const: 'a"b\\ é\n\u{1f600}' });
    expect(text).toContain(String.raw`"\x22a\x5C\x22b\x5C\x5C\x20\xE9\x5Cn\U0001F600\x22"`);
  });

  it('counts in braces', () => {
    expect(written({ type: 'string', pattern: '^[a-c]{2,4}x?[^\\]]*y+$' })).toContain(
      String.raw`ref0 ::= "\x22" ([a-c]{2,4} [x]? ([`,
    );
    expect(written({ type: 'array', maxItems: 0 })).toContain(String.raw`ref0 ::= "\x5B" "\x5D"`);
  });

  it('is refused where llama.cpp would not count so far', () => {
    expect(() => written({ type: 'string', maxLength: 5000 })).toThrow(
      /does not count to more than 2000/,
    );
    expect(written({ type: 'string', maxLength: 50 })).toContain('{0,50}');
  });
});
