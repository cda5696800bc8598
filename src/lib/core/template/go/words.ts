/** The names that mean something in a Go template. */

/** Go's own functions, and those that Ollama adds. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'],
  ...['len', 'index', 'slice', 'print', 'printf', 'println'],
  ...['json', 'currentDate', 'yesterdayDate', 'toTypeScriptType'],
]);

/** Go's, which no chat template needs: they write for web pages, or call what only Go has. */
export const LEFT_OUT: ReadonlySet<string> = new Set(['html', 'js', 'urlquery', 'call']);

export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['if', 'else', 'end', 'range', 'with', 'define', 'block', 'template'],
  ...['break', 'continue'],
]);
