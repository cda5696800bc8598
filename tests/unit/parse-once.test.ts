/** A template is read once for all that is written with it, in a chat and between chats. */
import { beforeEach, expect, it, vi } from 'vitest';
import { renderPrompt } from '../../workers/runner/chat/render';

const parse = vi.hoisted(() => ({ jinja: vi.fn(), go: vi.fn() }));
vi.mock('#core/template/jinja', async (original) => {
  const { parseJinja } = await original<typeof import('#core/template/jinja')>();
  return { parseJinja: parse.jinja.mockImplementation(parseJinja) };
});
vi.mock('#core/template/go/parse', async (original) => {
  const { parseGo } = await original<typeof import('#core/template/go/parse')>();
  return { parseGo: parse.go.mockImplementation(parseGo) };
});
beforeEach(() => {
  parse.jinja.mockClear();
  parse.go.mockClear();
});

const write = (template: string, content: string) =>
  renderPrompt({
    ...{ template, bos: '', eos: '', now: new Date(0), think: false },
    messages: [{ role: 'user', content }],
  });

it.each([
  ['Jinja', '{% for m in messages %}<think>{{ m.content }}{% endfor %}', parse.jinja],
  ['Go', '{{ range .Messages }}<think>{{ .Content }}{{ end }}', parse.go],
])('is parsed once, in %s', (_, template, parser) => {
  expect(write(template, 'one')).toContain('<think>one');
  expect(write(template, 'two')).toContain('<think>two');
  expect(parser).toHaveBeenCalledTimes(1);
  expect(write(`${template}!`, 'three')).toContain('three!');
  expect(write(template, 'four')).not.toContain('!');
  expect(parser).toHaveBeenCalledTimes(3);
});
