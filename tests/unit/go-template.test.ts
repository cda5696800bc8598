/** Go's text/template, as chat templates use it: what comes of one, and what is no template. */
import { describe, expect, test } from 'vitest';
import { EndlessTemplate } from '#core/template/go/budget';
import { parseGo } from '#core/template/go/parse';
import { GoRunFault, renderGo } from '#core/template/go/render';
import { TemplateFault } from '#core/template/go/tree';
import { GoRecord, goValue, type GoValue } from '#core/template/go/values';

const NOW = new Date(2025, 2, 1, 9, 5);

function render(template: string, data: Record<string, unknown> = {}): string {
  const entries = Object.entries(data).map(([key, value]): [string, GoValue] => [
    key,
    value instanceof GoRecord ? value : goValue(value),
  ]);
  return renderGo(parseGo(template), new GoRecord(Object.fromEntries(entries), data), NOW);
}

const DATA = {
  Name: 'Ada',
  Empty: '',
  None: [],
  List: ['a', 'b', 'c'],
  Nested: { Inner: { Leaf: 'x' } },
  Map: { b: 2, a: 1 },
  Umlaut: 'äb',
  Zero: 0,
  Yes: true,
};

describe('what comes of', () => {
  test.each<[string, string]>([
    // Texts, trims, comments.
    ['plain {% text', 'plain {% text'],
    ['a {{- /* gone }} */ -}} b', 'ab'],
    ['a\n\t{{- "x" -}}\r\n b', 'axb'],
    ['a \u00a0{{- "x" }}', 'a \u00a0x'],
    ['{{"a"}}{{`b\\n`}}{{"\\u00e9\\x41\\101\\n\\""}}', 'ab\\néAA\n"'],
    ["{{ 'a' }} {{ 0x10 }} {{ 1_000 }} {{ -2 }} {{ 1.5 }}", '97 16 1000 -2 1.5'],
    // Fields and variables.
    ['{{ .Name }}|{{ .Missing }}|{{ .Missing.More }}|{{ .Nested.Inner.Leaf }}', 'Ada|||x'],
    ['{{ $x := .Nested }}{{ $x.Inner.Leaf }}{{ $.Name }}{{ (.Nested).Inner.Leaf }}', 'xAdax'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}', '2'],
    ['{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}', '21'],
    ['{{ . | json }}', JSON.stringify(DATA)],
    // Branches.
    ['{{ if .Empty }}a{{ else if .Name }}b{{ else }}c{{ end }}', 'b'],
    ['{{ if .Empty }}a{{ else if .Zero }}b{{ else }}c{{ end }}', 'c'],
    ['{{ if $x := .Name }}{{ $x }}{{ end }}', 'Ada'],
    ['{{ with .Nested }}{{ .Inner.Leaf }}{{ $.Name }}{{ else }}no{{ end }}', 'xAda'],
    ['{{ with .None }}a{{ else with .Name }}{{ . }}{{ else }}no{{ end }}', 'Ada'],
    ['{{ with .None }}a{{ else }}{{ .Name }}{{ end }}', 'Ada'],
    // Loops.
    ['{{ range .List }}{{ . }},{{ end }}', 'a,b,c,'],
    ['{{ range $i, $x := .List }}{{ $i }}{{ $x }}{{ . }} {{ end }}', '0aa 1bb 2cc '],
    ['{{ range $x := .List }}{{ $x }}{{ end }}', 'abc'],
    ['{{ range $k, $v := .Map }}{{ $k }}{{ $v }}{{ end }}', 'a1b2'],
    [
      '{{ range .None }}a{{ else }}none{{ end }}{{ range .Missing }}a{{ else }}none{{ end }}',
      'nonenone',
    ],
    ['{{ range 3 }}{{ . }}{{ end }}', '012'],
    ['{{ range .List }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}', 'ac'],
    ['{{ range .List }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ else }}x{{ end }}', 'a'],
    ['{{ range .List }}{{ range $.List }}{{ break }}{{ end }}{{ . }}{{ end }}', 'abc'],
    ['{{ $l := "" }}{{ range .List }}{{ $l = . }}{{ end }}{{ $l }}', 'c'],
    [
      '{{ range $i, $_ := .List }}{{ eq (len (slice $.List $i)) 1 }} {{ end }}',
      'false false true ',
    ],
    // Functions.
    [
      '{{ eq .Name "Bo" "Ada" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le "b" "a" }}',
      'true true true false',
    ],
    ['{{ gt 2 1 }} {{ ge 1 1 }} {{ eq .Missing "" }} {{ eq 1 "1" }}', 'true true false false'],
    [
      '{{ and .Name .Empty "x" }}|{{ and 1 2 }}|{{ or .Empty .Zero }}|{{ or .Empty "x" }}',
      '|2|0|x',
    ],
    ['{{ or .Yes (len 5) }}{{ and .Empty (index .None 3) }}', 'true'],
    ['{{ not .Empty }}{{ not .Name }}', 'truefalse'],
    ['{{ len .List }}{{ len .Map }}{{ len .Umlaut }}', '323'],
    ['{{ index .List 1 }}{{ index .Map "b" }}{{ index .Map "z" }}{{ index .Name 0 }}', 'b265'],
    ['{{ index (index .Two 1) 0 }}', 'c'],
    ['{{ slice .List 1 }}{{ slice .List 0 2 }}{{ slice .Umlaut 0 2 }}', '[b c][a b]ä'],
    ['{{ print "a" 1 2 "b" }}|{{ print 1 2 }}|{{ println "a" 1 }}', 'a1 2b|1 2|a 1\n'],
    ['{{ printf "%s-%d-%q-%v-%t-%%" "a" 3 "b" .List true }}', 'a-3-"b"-[a b c]-true-%'],
    ['{{ printf "%5s|%-4s|%04d|%.2f|%x|%+d" "a" "b" 7 1.5 255 3 }}', '    a|b   |0007|1.50|ff|+3'],
    ['{{ printf "%d" "a" }}{{ printf "%s" }}', '%!d(string=a)%!s(MISSING)'],
    ['{{ "x" | printf "%s%s" "y" }}{{ .Name | len | eq 3 }}', 'yxtrue'],
    [
      '{{ json .List }}{{ json "a<b>&" }}{{ json .Missing }}',
      '["a","b","c"]"a\\u003cb\\u003e\\u0026"null',
    ],
    [
      '{{ currentDate }} {{ currentDate "2006" }} {{ yesterdayDate }}',
      '2025-03-01 2025-03-01 2025-02-28',
    ],
    // Templates in templates.
    ['{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" .Name }}{{ template "x" }}', '[Ada][]'],
    ['{{ block "x" .Name }}[{{ . }}]{{ end }}{{ template "x" 1 }}', '[Ada][1]'],
    [
      '{{ define "x" }}{{ if . }}{{ template "x" (slice . 1) }}.{{ end }}{{ end }}{{ template "x" .Name }}',
      '...',
    ],
  ])('%j', (template, text) => {
    const data = { ...DATA, Two: [['a'], ['c']] };
    expect(render(template, template.includes('. | json') ? DATA : data)).toBe(text);
  });

  test.each<[unknown, string]>([
    [{ type: 'string' }, 'string'],
    [{ type: ['integer', 'null'] }, 'number | null'],
    [{ type: 'array', items: { type: 'boolean' } }, 'boolean[]'],
    [{ anyOf: [{ type: 'object' }, {}] }, 'Record<string, any> | any'],
    ['nothing', 'any'],
  ])('the type of %j', (schema, text) => {
    expect(render('{{ toTypeScriptType .X }}', { X: schema })).toBe(text);
  });
});

describe('is no template, and says why:', () => {
  test.each<[string, string]>([
    ['{{ if .A }}{{ else }}{{ else }}{{ end }}', 'unexpected {{else}}'],
    ['{{ range .A }}{{ else if .B }}{{ end }}', 'unexpected "if" in else'],
    ['{{ with .A }}{{ else if .B }}{{ end }}', 'unexpected "if" in else'],
    ['{{ if .A }}{{ end .B }}', 'unexpected token in end'],
    ['{{ if }}{{ end }}', 'missing value for command'],
    ['{{ .A | }}', 'missing value for command'],
    ['{{ () }}', 'missing value for command'],
    ['{{ $x }}', 'undefined variable "$x"'],
    ['{{ $x = 1 }}', 'undefined variable "$x"'],
    ['{{ $x := $x }}', 'undefined variable "$x"'],
    ['{{ if .A }}{{ $x := 1 }}{{ end }}{{ $x }}', 'undefined variable "$x"'],
    ['{{ if .A }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}', 'undefined variable "$x"'],
    ['{{ $x := 1 }}{{ define "t" }}{{ $x }}{{ end }}', 'undefined variable "$x"'],
    ['{{ .A .B }}', "can't give argument to non-function"],
    ['{{ len .A | .B }}', 'non executable command in pipeline stage 2'],
    ['{{ nil }}', 'nil is not a command'],
    ['{{ eq if }}', 'unexpected <if> in operand'],
    ['{{ eq | , }}', 'unexpected "," in operand'],
    ['{{ .A := 1 }}', 'unexpected ":=" in operand'],
    ['{{ .A @ }}', 'unrecognized character in action: "@"'],
    ["{{ 'ab' }}", 'malformed character constant'],
    ['{{ "\\q" }}', 'invalid syntax in a quoted string'],
    ['{{ break }}', '{{break}} outside {{range}}'],
    ['{{ range .A }}{{ define "x" }}{{ end }}{{ end }}', 'unexpected {{define}}'],
    ['{{ define .X }}{{ end }}', 'unexpected token in define clause'],
    ['{{ template "x" }}', 'template "x" not defined'],
    ['{{ html .A }}', 'function "html" is not supported here'],
    ['{{ call .A }}', 'function "call" is not supported here'],
    ['{{ toUpper .A }}', 'function "toUpper" not defined'],
    [`{{ ${'('.repeat(1000)}1${')'.repeat(1000)} }}`, 'it is nested too deeply'],
    [`${'{{ if 1 }}'.repeat(200)}${'{{ end }}'.repeat(200)}`, 'it is nested too deeply'],
    [
      Array.from({ length: 200 }, (_, at) => `{{ $v${at} := 1 }}`).join(''),
      'it has more than 100 variables in one place',
    ],
  ])('%s', (template, words) => {
    expect(() => parseGo(template)).toThrow(TemplateFault);
    expect(() => parseGo(template)).toThrow(words);
  });
});

describe('cannot go on, and says where:', () => {
  test.each<[string, string]>([
    ['{{ range .Name }}{{ end }}', "range can't iterate over a string"],
    ['{{ .Name.More }}', "can't evaluate field More in a string"],
    ['{{ .Struct.More }}', "can't evaluate field More in a message"],
    ['{{ index .List 9 }}', 'error calling index: index out of range: 9'],
    ['{{ slice .List 2 1 }}', 'error calling slice: index out of range: 2, 1'],
    ['{{ len 3 }}', 'error calling len: len of a number'],
    ['{{ lt 1 "a" }}', 'error calling lt: incompatible types for comparison'],
    ['{{ eq .List .List }}', 'error calling eq: non-comparable type'],
    ['{{ eq 1 }}', 'error calling eq: wrong number of args for eq: got 1'],
    ['{{ and }}', 'wrong number of args for and'],
    ['{{ printf "%e" 1 }}', 'error calling printf: printf has no %e here'],
    ['{{ printf "%999999999d" 1 }}', 'error calling printf: printf with a width of more than 1000'],
    [
      '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
      'templates call one another more than 50 deep',
    ],
  ])('%s', (template, words) => {
    const data = { ...DATA, Struct: new GoRecord({}, {}, 'a message') };
    expect(() => render(template, data)).toThrow(GoRunFault);
    expect(() => render(template, data)).toThrow(words);
  });
});

describe('does not come to an end, which is told:', () => {
  const doubled = '{{ $s := "xxxxxxxx" }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}';
  test.each<[string, string]>([
    ['a loop of a thousand million', '{{ range 1000000000 }}{{ end }}'],
    ['one that writes', '{{ range 1000000000 }}{{ $.Long }}{{ end }}'],
    ['loops in loops', '{{ range 9999 }}{{ range 9999 }}{{ end }}{{ end }}'],
    ['a text that doubles', doubled],
    [
      'a long text that is measured for ever',
      '{{ range 1000000 }}{{ if len $.Long }}{{ end }}{{ end }}',
    ],
    [
      'a long list that is cut for ever',
      '{{ range 1000000 }}{{ if slice $.Many 1 }}{{ end }}{{ end }}',
    ],
    [
      'data that is written out for ever',
      '{{ range 1000000 }}{{ if json $.Many }}{{ end }}{{ end }}',
    ],
    [
      'templates that call themselves in loops',
      '{{ define "x" }}{{ range 9 }}{{ template "x" $ }}{{ end }}{{ end }}' +
        '{{ define "y" }}{{ range 999 }}{{ template "z" $ }}{{ end }}{{ end }}' +
        '{{ define "z" }}{{ range 9999 }}{{ if not $.Long }}{{ template "x" $ }}{{ end }}{{ end }}{{ end }}' +
        '{{ template "y" . }}',
    ],
  ])(
    '%s',
    (_what, template) => {
      const data = {
        Long: 'x'.repeat(100_000),
        Many: Array.from({ length: 100_000 }, (_, at) => at),
      };
      expect(() => render(template, data)).toThrow(EndlessTemplate);
    },
    20_000,
  );
});

test('a template of many thousand actions is read and written', () => {
  const template = '{{ if .Name }}{{ .Name }}{{ end }}'.repeat(20_000);
  expect(render(template, DATA)).toBe('Ada'.repeat(20_000));
});

test('a chain of many branches is no depth', () => {
  const chain = `{{ if .A }}${'{{ else if .A }}'.repeat(5000)}{{ else }}end{{ end }}`;
  expect(render(chain)).toBe('end');
});
