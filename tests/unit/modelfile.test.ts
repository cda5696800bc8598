/** Modelfiles: the grammar, what is wrong with one, the way back to text, and what one asks for. */
import { describe, expect, test } from 'vitest';
import type { Modelfile } from '#core/modelfile/commands';
import { parseModelfile } from '#core/modelfile/parse';
import { printModelfile } from '#core/modelfile/print';
import { modelfileRequest } from '#core/modelfile/request';

/** The value of the command behind FROM. */
function second(text: string): string {
  const [from, command, ...more] = parseModelfile(`FROM foo\n${text}`);
  expect(from).toEqual({ name: 'from', value: 'foo' });
  expect(more).toEqual([]);
  return command!.value;
}

describe('a Modelfile', () => {
  test('has every command, in any case, with comments between', () => {
    const text = `
# about this one
  FROM model1
aDaPtEr adapter1
LICENSE MIT
\tPARAMETER param1 value1
PARAMETER  param_2   value2 with blanks
TEMPLATE """{{ .Prompt }}
# no comment
"""
# between
SYSTEM You are a #1 file parser. Always parse things.
MESSAGE system You are kind.
MESSAGE user Hey there!
MESSAGE assistant "Hello, I want to parse all the things!"
RENDERER r
PARSER p
REQUIRES 0.14.0
draft small.gguf`;
    expect(parseModelfile(text)).toEqual([
      { name: 'from', value: 'model1' },
      { name: 'adapter', value: 'adapter1' },
      { name: 'license', value: 'MIT' },
      { name: 'parameter', key: 'param1', value: 'value1' },
      { name: 'parameter', key: 'param_2', value: 'value2 with blanks' },
      { name: 'template', value: '{{ .Prompt }}\n# no comment\n' },
      { name: 'system', value: 'You are a #1 file parser. Always parse things.' },
      { name: 'message', role: 'system', value: 'You are kind.' },
      { name: 'message', role: 'user', value: 'Hey there!' },
      { name: 'message', role: 'assistant', value: 'Hello, I want to parse all the things!' },
      { name: 'renderer', value: 'r' },
      { name: 'parser', value: 'p' },
      { name: 'requires', value: '0.14.0' },
      { name: 'draft', value: 'small.gguf' },
    ]);
  });

  test.each<[string, string]>([
    ['SYSTEM bare to the end  ', 'bare to the end'],
    ['SYSTEM "one line"', 'one line'],
    ['SYSTEM " edges "  ', ' edges '],
    ['SYSTEM "two\nlines"\n', 'two\nlines'],
    ['SYSTEM """\nThis is a\nmultiline system.\n"""\n', '\nThis is a\nmultiline system.\n'],
    ['SYSTEM """It has "quotes"."""', 'It has "quotes".'],
    ['SYSTEM """"Quotes at the edges.""""', '"Quotes at the edges."'],
    ['SYSTEM """a""" b\nc"""', 'a""" b\nc'],
    ['SYSTEM "a" b\nc"', 'a" b\nc'],
    ['SYSTEM """"""', ''],
    ['SYSTEM ""', ''],
    ['SYSTEM ', ''],
    ['SYSTEM \n', ''],
    [`SYSTEM "'"`, "'"],
    [`SYSTEM 'single'`, "'single'"],
    [`SYSTEM """''"'""'""'"'''''""'""'"""`, `''"'""'""'"'''''""'""'`],
    ['SYSTEM "\n\n \t"', '\n\n \t'],
    ['SYSTEM """crlf\r\nstays\r\n"""\r\n', 'crlf\r\nstays\r\n'],
    ['TEMPLATE C:\\no\\escapes \\n', 'C:\\no\\escapes \\n'],
    ['SYSTEM 你好 👋 ñ e\u0301', '你好 👋 ñ e\u0301'],
    ['SYSTEM a\0b\u202ec\u200bd\u00a0e\u0007', 'abcde'],
  ])('%j means %j', (text, value) => {
    expect(second(text)).toBe(value);
  });

  const utf16 = (text: string, big: boolean) => {
    const bytes = new Uint8Array(2 * text.length + 2);
    const view = new DataView(bytes.buffer);
    [...`\ufeff${text}`].forEach((letter, at) =>
      view.setUint16(2 * at, letter.charCodeAt(0), !big),
    );
    return bytes;
  };
  test.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode('FROM bob\nSYSTEM é')],
    ['UTF-8 with a mark', new TextEncoder().encode('\ufeffFROM bob\nSYSTEM é')],
    ['UTF-16, little-endian', utf16('FROM bob\nSYSTEM é', false)],
    ['UTF-16, big-endian', utf16('FROM bob\nSYSTEM é', true)],
  ])('comes in %s', (_encoding, bytes) => {
    expect(parseModelfile(bytes).map(({ value }) => value)).toEqual(['bob', 'é']);
  });
});

describe('a faulty Modelfile', () => {
  const COMMANDS = 'command must be one of "from", "license",';
  const ROLES = 'message role must be one of "system", "user", or "assistant"';
  test.each<[string, string]>([
    ['', 'no FROM line'],
    ['# FROM foo', 'no FROM line'],
    ['SYSTEM hi', 'no FROM line'],
    ['FROM foo\nBADCOMMAND param1 value1', `(line 2): ${COMMANDS}`],
    ['FROM foo\r\n\r\n\rBAD x', `(line 4): ${COMMANDS}`],
    ['FROM foo\nSYSTEM """a\nb"""\nNOPE\n', `(line 4): ${COMMANDS}`],
    ['FROM foo\n"""', `(line 2): ${COMMANDS}`],
    ['FROM\nfoo', `(line 1): ${COMMANDS}`],
    ['FROM: foo', `(line 1): ${COMMANDS}`],
    ['__proto__ x', `(line 1): ${COMMANDS}`],
    ['constructor x', `(line 1): ${COMMANDS}`],
    ["FROM foo\nMESSAGE badguy I'm a bad guy!", `(line 2): ${ROLES}`],
    ['FROM foo\nMESSAGE System hi', `(line 2): ${ROLES}`],
    ['FROM foo\nMESSAGE system', 'unexpected EOF'],
    ['FROM foo\nMESSAGE system\n', 'unexpected EOF'],
    ['FROM foo\nPARAMETER param1', 'unexpected EOF'],
    ['FROM foo\nPARAMETER param1\nSYSTEM x', 'unexpected EOF'],
    ['FROM foo\nPARAMETER ', 'unexpected EOF'],
    ['FROM foo\nPARAMETER a-b 1', 'unexpected EOF'],
    ['FROM', 'unexpected EOF'],
    ['FROM foo\nSYSTEM "', '(line 2): unexpected EOF'],
    ['FROM foo\nSYSTEM """a"', 'unexpected EOF'],
    ['FROM foo\nSYSTEM """""', 'unexpected EOF'],
    ['FROM foo\nSYSTEM "a" b\nFROM c', 'unexpected EOF'],
  ])('%j: %s', (text, words) => {
    expect(() => parseModelfile(text)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.stringContaining(words) as string,
      }),
    );
  });
});

describe('back to text', () => {
  test.each<[Modelfile[number], string]>([
    [{ name: 'from', value: 'a b' }, 'FROM a b\n'],
    [{ name: 'system', value: ' a' }, 'SYSTEM " a"\n'],
    [{ name: 'system', value: 'a\nb' }, 'SYSTEM "a\nb"\n'],
    [{ name: 'system', value: 'a "b"' }, 'SYSTEM a "b"\n'],
    [{ name: 'system', value: 'a\n"b"' }, 'SYSTEM """a\n"b""""\n'],
    [{ name: 'system', value: '"b' }, 'SYSTEM """"b"""\n'],
    [{ name: 'system', value: '' }, 'SYSTEM ""\n'],
    [{ name: 'parameter', key: 'stop', value: '<|x|>' }, 'PARAMETER stop <|x|>\n'],
    [{ name: 'message', role: 'user', value: 'hi ' }, 'MESSAGE user "hi "\n'],
  ])('%j', (command, text) => {
    expect(printModelfile([command])).toBe(text);
  });

  test('20,000 random files: what was read is what is read again', () => {
    const pieces = [
      'FROM a',
      'SYSTEM ',
      'TEMPLATE ',
      'PARAMETER ',
      'MESSAGE user ',
      'stop ',
      '"',
      '""',
    ];
    pieces.push(
      '"""',
      '\n',
      '\r\n',
      '\r',
      ' ',
      '\t',
      '#',
      'x',
      'é',
      '\u202e',
      '\0',
      '{{ .Prompt }}',
    );
    let seed = 7;
    const pick = () => pieces[(seed = (seed * 1103515245 + 12345) & 0x7fffffff) % pieces.length]!;
    let read = 0;
    for (let at = 0; at < 20_000; at++) {
      const text = `FROM a\nSYSTEM ${Array.from({ length: at % 14 }, pick).join('')}`;
      let modelfile: Modelfile;
      try {
        modelfile = parseModelfile(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_request' });
        continue;
      }
      read++;
      expect(parseModelfile(printModelfile(modelfile)), JSON.stringify(text)).toEqual(modelfile);
    }
    expect(read).toBeGreaterThan(2000);
  });
});

describe('a hostile Modelfile', () => {
  const large = 'x'.repeat(1_000_000);
  const files: [string, string][] = [
    ['a line of 1 MB', `FROM a\nSYSTEM ${large}`],
    ['a name of 1 MB', `${large} a`],
    ['100,000 commands', 'FROM a\n'.repeat(100_000)],
    ['100,000 comments', `${'# a\n'.repeat(100_000)}FROM a`],
    ['1 MB of quotes', `FROM a\nSYSTEM ${'"'.repeat(1_000_000)}`],
    ['300,000 lines that are no end', `FROM a\nSYSTEM """${'""\n'.repeat(300_000)}`],
    ['1 MB of blanks', `FROM a\nSYSTEM "${' \t'.repeat(500_000)}`],
    ['1 MB of line ends', `FROM a\nSYSTEM "${'\r\n'.repeat(500_000)}"`],
    ['1 MB of NUL', `FROM a\0${'\0'.repeat(1_000_000)}`],
    ['1 MB from right to left', `FROM a\nSYSTEM ${'\u202e\u05d0'.repeat(500_000)}`],
  ];
  test.each(files)(
    '%s is read or refused at once, and comes back the same',
    (_, text) => {
      let modelfile: Modelfile;
      try {
        modelfile = parseModelfile(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_request' });
        expect((error as Error).message.length).toBeLessThan(500);
        return;
      }
      expect(parseModelfile(printModelfile(modelfile))).toEqual(modelfile);
    },
    20_000,
  );

  test('over 16 MiB is refused', () => {
    expect(() => parseModelfile(`FROM ${large.repeat(17)}`)).toThrow(/at most/);
  });
});

describe('what a Modelfile asks for', () => {
  const request = (text: string) => modelfileRequest(parseModelfile(`FROM a\n${text}`));

  test('is its values with their types, stops gathered', () => {
    const text =
      'PARAMETER temperature 0.5\nPARAMETER num_ctx 4096\nPARAMETER use_mmap false\n' +
      'PARAMETER stop a\nPARAMETER stop "b "\nPARAMETER top_k 1\nPARAMETER top_k 2\n' +
      'LICENSE one\nLICENSE two\nMESSAGE user hi\nREQUIRES 0.1.0\nFROM b\nADAPTER c\nDRAFT d';
    expect(request(text)).toEqual({
      from: ['a', 'b'],
      adapters: ['c'],
      drafts: ['d'],
      license: ['one', 'two'],
      messages: [{ role: 'user', content: 'hi' }],
      requires: '0.1.0',
      parameters: { temperature: 0.5, num_ctx: 4096, use_mmap: false, stop: ['a', 'b '], top_k: 2 },
      warnings: [],
    });
  });

  test('leaves deprecated parameters out, with a warning', () => {
    const { parameters, warnings } = request('PARAMETER mirostat 1\nPARAMETER low_vram true');
    expect(parameters).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  test.each([
    ['PARAMETER nope 1', "unknown parameter 'nope'"],
    ['PARAMETER __proto__ 1', "unknown parameter '__proto__'"],
    ['PARAMETER constructor 1', "unknown parameter 'constructor'"],
    ['PARAMETER num_ctx many', 'parameter "num_ctx" must be of type integer: many'],
    ['PARAMETER num_ctx 1.5', 'of type integer'],
    ['PARAMETER temperature 0x10', 'of type float32'],
    ['PARAMETER temperature Infinity', 'of type float32'],
    ['PARAMETER use_mmap 1', 'of type boolean'],
    ['PARAMETER kv_cache_type q4', '"f16" or "q8_0"'],
  ])('%s is refused: %s', (text, words) => {
    expect(() => request(text)).toThrow(words);
  });
});
