/** Reads `_headers` as Cloudflare Pages and Netlify do. */
interface Rule {
  path: string;
  pattern: RegExp;
  headers: [name: string, value: string][];
}

/** `*` stands for any text, everything else for itself. */
function toPattern(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`);
}

function parse(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const line of text.split('\n')) {
    if (!line.trim() || line.trim().startsWith('#')) continue;
    const header = /^\s+([\w-]+):\s*(.*)$/.exec(line);
    if (!header) rules.push({ path: line.trim(), pattern: toPattern(line.trim()), headers: [] });
    else rules.at(-1)?.headers.push([header[1] ?? '', header[2] ?? '']);
  }
  return rules;
}

/** The paths that have rules, in their order. */
export function rulePaths(text: string): string[] {
  return parse(text).map(({ path }) => path);
}

/** The headers for a path; a name that several rules set gets their values joined. */
export function headerRules(text: string): (path: string) => Map<string, string> {
  const rules = parse(text);
  return (path) => {
    const headers = new Map<string, string>();
    for (const rule of rules) {
      if (!rule.pattern.test(path)) continue;
      for (const [name, value] of rule.headers) {
        const earlier = headers.get(name);
        headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
      }
    }
    return headers;
  };
}
