/** Go's text/template, as far as telling that one is whole: its actions closed, its blocks ended, its functions known. */

/** Builtins, and those that Ollama adds. */
const FUNCTIONS = new Set(
  (
    'and or not len index slice print printf println html js urlquery call eq ne lt le gt ge ' +
    'json currentDate yesterday toTypeScriptType'
  ).split(' '),
);
const BLOCKS = new Set(['if', 'range', 'with', 'block', 'define']);
const WORDS = new Set(['else', 'end', 'template', 'break', 'continue', 'true', 'false', 'nil']);

/** Blanks, texts, fields and variables, names, the end, and one of anything else. */
const TOKEN =
  /(\s+)|("(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|([.$][\p{L}_][\p{L}\p{N}_]*)|([\p{L}_][\p{L}\p{N}_]*)|(-?\}\})|(\d[\w.]*|[^])/uy;

/** What is wrong with a template; null where nothing was found. */
export function goTemplateFault(template: string): string | null {
  const open: string[] = [];
  for (let at = template.indexOf('{{'); at !== -1; at = template.indexOf('{{', at)) {
    const action = readAction(template, at + 2);
    if (typeof action === 'string') return action;
    at = action.end;
    const [first] = action.names;
    if (first !== undefined && BLOCKS.has(first)) open.push(first);
    if (first === 'else' && open.length === 0) return 'unexpected {{else}}';
    if (first === 'end' && open.pop() === undefined) return 'unexpected {{end}}';
  }
  const [unended] = open;
  return unended === undefined ? null : `unexpected EOF: {{${unended}}} has no {{end}}`;
}

/** Its names in their order and where it ends, or what is wrong with it. */
function readAction(template: string, start: number): { names: string[]; end: number } | string {
  const names: string[] = [];
  let depth = 0;
  let empty = true;
  let comment = false;
  TOKEN.lastIndex = template.startsWith('- ', start) ? start + 2 : start;
  for (let token = TOKEN.exec(template); token; token = TOKEN.exec(template)) {
    const [text, blank, , , name, end] = token;
    if (end !== undefined) {
      if (depth !== 0) return 'unclosed left paren';
      return empty && !comment ? 'missing value for command' : { names, end: TOKEN.lastIndex };
    }
    if (blank !== undefined) continue;
    // What is not closed ends the reading: looking for its end again and again would take the square of the length.
    if (text === '/' && template[TOKEN.lastIndex] === '*') {
      const close = template.indexOf('*/', TOKEN.lastIndex);
      if (close === -1) return 'unclosed comment';
      TOKEN.lastIndex = close + 2;
      comment = true;
      continue;
    }
    if (text === '"' || text === '`' || text === "'") return 'unterminated quoted string';
    empty = false;
    if (text === '(') depth++;
    if (text === ')' && --depth < 0) return 'unexpected right paren';
    if (name === undefined) continue;
    const known = FUNCTIONS.has(name) || BLOCKS.has(name) || WORDS.has(name);
    if (!known) return `function "${name.slice(0, 100)}" not defined`;
    names.push(name);
  }
  return 'unclosed action';
}
