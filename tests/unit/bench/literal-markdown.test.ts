/** Names and machines of strangers in a table that people paste where GitHub draws it: nothing but text. */
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { benchMarkdown } from '#core/bench/export-markdown';
import { benchRun, candidateResult, written } from '../../fixtures/bench/results';

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

function textOf(html: string): string {
  const bare = html.replace(/<[^>]*>/g, '');
  return bare.replace(/&([a-z]+|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** What is shown of a model of this name: its cell, its note and the machine's line, as HTML. */
function drawn(name: string) {
  const candidate = { ...candidateResult().candidate, model: name };
  const tests = [written(4000, 3200)];
  const { machine } = benchRun();
  const run = benchRun({
    machine: { ...machine, browser: name, adapter: name },
    candidates: [candidateResult({ candidate, tests, model: null })],
  });
  const html = marked.parse(benchMarkdown(run), { async: false });
  return {
    cells: [...html.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell!),
    note: /<li>(.*?)<\/li>/s.exec(html)![1]!,
    machine: /<p>(build:.*?)<\/p>/s.exec(html)![1]!,
  };
}

const ESCAPED = [
  'plain',
  'smollm2:135m',
  'hf.co/user/Model_7B-GGUF:Q4_K_M',
  '_emphasis_ and __strong__',
  '*a* **b** ~~c~~',
  'a|b',
  'back\\slash \\* \\|',
  '[l](u) ![i](u) [ref]',
  '<img src=x onerror=y>',
  '`c` ``d``',
  '&amp; &lt;',
  '# heading',
  '- list',
  '12. list',
  '1) list',
  '+ list',
  '> quote',
  '---',
];
const LINKED = [
  '@octocat',
  'team@org/x',
  'mail a@b.example',
  'https://evil.example/_x_',
  'see www.evil.example',
  'owner/repo#1 `x`',
  '`@a`',
  '`` @a',
  'GH-12',
  'deadbeef01',
  ':tada:',
  '$x$',
  'a|@b',
];

describe('a stranger’s name', () => {
  it.each([...ESCAPED, ...LINKED])('%s is shown as it is', (name) => {
    const { cells, note, machine } = drawn(name);
    expect(cells).toHaveLength(7);
    expect(textOf(cells[0]!)).toBe(name);
    expect(textOf(note)).toContain(`${name}, Paddock, on the CPU, tg128: Writes 36 tokens`);
    expect(textOf(machine)).toBe(`build: 0.1.0, ${name}, 2 cores, ${name}, 2026-11-22`);
    for (const html of [cells[0]!, note, machine]) {
      expect(html).not.toMatch(/<(?!\/?code>)/);
    }
  });

  it.each(LINKED)('%s is code, which no mention and no link is made of', (name) => {
    const { cells, note, machine } = drawn(name);
    const codes = /<code>.*?<\/code>/g;
    for (const html of [cells[0]!, note, machine]) {
      expect(textOf(html.replace(codes, ''))).not.toContain(name);
    }
  });
});
