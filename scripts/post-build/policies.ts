/** The Content-Security-Policy of pages and of worker scripts, from what Kit wrote into the pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Policies {
  page: string;
  worker: string;
}

type Directives = Map<string, Set<string>>;

const META = /<meta http-equiv="content-security-policy" content="([^"]*)">/i;

function parse(policy: string): Directives {
  const directives: Directives = new Map();
  for (const part of policy.split(';')) {
    const [name, ...values] = part.trim().split(/\s+/);
    if (name) directives.set(name, new Set(values));
  }
  return directives;
}

/** The meta tag's policy in one built page. */
function policyOf(file: string): Directives {
  const content = META.exec(readFileSync(file, 'utf8'))?.[1];
  if (!content) throw new Error(`${file} has no Content-Security-Policy: is csp.mode 'hash' set?`);
  return parse(content.replaceAll('&#39;', "'").replaceAll('&quot;', '"'));
}

function print(directives: Directives): string {
  return [...directives].map(([name, values]) => [name, ...values].join(' ')).join('; ');
}

/** One policy that admits what any of the pages admits; in each, its own meta tag narrows it. */
export function policiesOf(dir: string, htmlFiles: string[]): Policies {
  const page: Directives = new Map();
  for (const file of htmlFiles) {
    for (const [name, values] of policyOf(join(dir, file))) {
      page.set(name, new Set([...(page.get(name) ?? []), ...values]));
    }
  }
  // A meta tag cannot say this.
  page.set('frame-ancestors', new Set(["'none'"]));
  const connect = [...(page.get('connect-src') ?? ["'self'"])].join(' ');
  const worker = [
    "default-src 'none'",
    // Engines compile WASM, and wllama starts workers from blobs, which inherit this policy.
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src 'self' blob:",
    `connect-src ${connect} blob:`,
  ].join('; ');
  return { page: print(page), worker };
}
