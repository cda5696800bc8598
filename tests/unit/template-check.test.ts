import { describe, expect, test } from 'vitest';
import { templateFault } from '#core/template/check';

describe('a template without a fault', () => {
  test.each([
    '',
    'plain text',
    '{{ .Prompt }}',
    '{{- if .System }}{{ .System }}{{ else if .Tools }}x{{- else }}y{{ end -}}',
    '{{ range $i, $_ := .Messages }}{{ $last := eq (len (slice $.Messages $i)) 1 }}{{ end }}',
    '{{ if and (ne .Role "a}}b") (or .X `c}}d`) }}{{ json .ToolCalls }}{{ end }}',
    '{{/* a comment with }} in it */}}{{- /* another */ -}}{{ "a \\" b" }}',
    '{{ with .A }}{{ . }}{{ end }}{{ currentDate }}{{ printf "%d" 12 | print }}',
    '{{ range .A }}{{ break }}{{ end }}{{ define "x" }}{{ end }}{{ template "x" . }}',
    "{% for message in messages %}{{ message['content'] }}{% endfor %}",
    '{%- if tools is defined -%}{{ tools | tojson }}{%- endif -%}',
  ])('%j', async (template) => {
    expect(await templateFault(template)).toBeNull();
  });
});

describe('a template with one', () => {
  test.each([
    ['{{ .System', 'unclosed action'],
    ['a {{', 'unclosed action'],
    ['{{ "a }}', 'unterminated quoted string'],
    ['{{ `a }}', 'unterminated quoted string'],
    ['{{/* a }}', 'unclosed comment'],
    ['{{ if .System }}', 'unexpected EOF: {{if}} has no {{end}}'],
    ['{{ range .A }}{{ if .B }}{{ end }}', '{{range}} has no {{end}}'],
    ['{{ end }}', 'unexpected {{end}}'],
    ['{{ else }}', 'unexpected {{else}}'],
    ['{{ Prompt }}', 'function "Prompt" not defined'],
    ['{{ .A | upper }}', 'function "upper" not defined'],
    ['{{ (.A }}', 'unclosed left paren'],
    ['{{ .A) }}', 'unexpected right paren'],
    ['{{ }}', 'missing value for command'],
    ['{% for m in messages %}{{ m }}', ''],
    ['{% if %}{% endif %}', ''],
    ['{% nothing %}', ''],
  ])('%j: %s', async (template, words) => {
    expect(await templateFault(template)).toContain(words);
  });

  const bombs: [string, string][] = [
    ['nested parens of Jinja', `{% if ${'('.repeat(400_000)} %}`],
    ['nested lists of Jinja', `{{ ${'['.repeat(50_000)} }}{% endif %}`],
    ['nested blocks of Go', '{{ if .A }}'.repeat(400_000)],
    ['open braces', '{{'.repeat(400_000)],
    ['open texts', '{{ "'.repeat(400_000)],
    ['blanks of Jinja', `{% if a %}${' '.repeat(400_000)}{% endif %}`],
    ['letters of Jinja', `{% if a %}${'x'.repeat(200_000)}{% endif %}`],
    ['comments', '{{/*'.repeat(400_000)],
    ['quotes', `{{ ${`"a" 'b `.repeat(400_000)}`],
  ];
  test.each(bombs)(
    'of %s is found at once',
    async (_what, template) => {
      expect(await templateFault(template)).toEqual(expect.any(String));
    },
    20_000,
  );
});
