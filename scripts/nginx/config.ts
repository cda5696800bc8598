/** The rules of `_headers` as nginx's locations. */
import { headerRules, rulePaths } from '../serve/header-rules.ts';
import { Refusal } from '../refusal.ts';

/** All that the build has; nginx's own list lacks some, and what is not listed is data. */
const TYPES: [type: string, extensions: string][] = [
  ['text/html', 'html'],
  ['text/css', 'css'],
  ['text/javascript', 'js'],
  ['text/plain', 'txt'],
  ['application/json', 'json'],
  ['application/manifest+json', 'webmanifest'],
  ['application/wasm', 'wasm'],
  ['image/svg+xml', 'svg'],
  ['image/png', 'png'],
];

/** Weights do not get smaller, and a compressed answer has no ranges. `text/html` is always in. */
const COMPRESSED = TYPES.map(([type]) => type).filter((type) => !/html|png/.test(type));

/**
 * What to include in a `server` block, whose `root` has the site at `base`.
 * @param headers the text of `_headers`
 * @param base where the site is mounted; starts and ends with `/`
 * @throws Refusal
 */
export function nginxConfig(headers: string, base = '/'): string {
  if (!/^\/([\w.-]+\/)*$/.test(base)) {
    throw new Refusal(`--base is "${base}". Write it with a slash at both ends, as in /repo/.`);
  }
  const headersFor = headerRules(headers);
  // nginx forgets the headers of outer locations where an inner one adds any: each gets all of its own.
  const location = (path: string) => {
    const prefix = path.endsWith('*');
    const within = base + path.slice(1, prefix ? -1 : undefined);
    // An index would be a redirect inside nginx, to a location without the page's headers.
    const page = !prefix && path.endsWith('/') ? [`try_files ${within}index.html =404;`] : [];
    return block(`location ${prefix ? '^~' : '='} ${within}`, [
      ...page,
      ...added(headersFor(path.replace('*', 'x'))),
    ]);
  };
  const others = rulePaths(headers).filter((path) => path !== '/*');
  return [
    '# Include this in a server block whose root has the site.',
    ...block(`location ^~ ${base}`, [
      ...block(
        'types',
        TYPES.map(([type, extensions]) => `${type} ${extensions};`),
      ),
      'default_type application/octet-stream;',
      // A missing file is missing: a page in its place would be taken for data.
      `error_page 404 ${base}404.html;`,
      // Behind a proxy nginx knows neither the port nor the scheme that people see.
      'absolute_redirect off;',
      'gzip on;',
      'gzip_vary on;',
      `gzip_types ${COMPRESSED.join(' ')};`,
      ...added(headersFor('/404.html')),
      ...['_headers', '.nojekyll'].flatMap((file) =>
        block(`location = ${base}${file}`, ['return 404;']),
      ),
      ...others.flatMap(location),
    ]),
    '',
  ].join('\n');
}

function added(headers: Map<string, string>): string[] {
  return [...headers].map(([name, value]) => `add_header ${name} ${quoted(value)} always;`);
}

function block(head: string, lines: string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];
}

function quoted(value: string): string {
  // nginx would put a variable there.
  if (value.includes('$')) throw new Refusal(`A header holds "$", which nginx reads: ${value}`);
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
