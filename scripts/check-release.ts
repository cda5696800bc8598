/**
 * Fails when a release build holds what only tests may have, or an address that nobody listed.
 * Usage: tsx scripts/check-release.ts <folder>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './post-build/site-files.ts';

/** The fake engine and the fault hooks. */
const FOR_TESTS = ['paddock-fake-engine', '__paddockTest'];

/** Hosts that may stand in the build, and why. */
const HOSTS = new Set([
  ...['huggingface.co', '*.hf.co', 'raw.githubusercontent.com'], // model hubs, in the policy's connect-src
  ...['localhost', '127.0.0.1'], // the same, for a registry on this machine
  'www.w3.org', // names of XML namespaces
  ...['svelte.dev', 'github.com', 'www.npmjs.com'], // links in libraries' error messages
  // web-llm's, of which the policy forbids the first; nobody asks either: the second cannot exist, and stands for names.
  ...['webgpureport.org', 'models.invalid'],
  'ollama.com', // the npm client's default host; ours is given a port instead
  // The openai package's default host, its ways of signing in, and links: ours asks this site alone, by the policy too.
  ...['api.openai.com', 'auth.openai.com', 'help.openai.com', 'docs.expo.dev'],
  // pdf.js's: names of namespaces, and addresses by which it tries whether one can be read; it asks nobody.
  ...['www.xfa.org', 'ns.adobe.com', 'example.com', 'foo.bar', 'a', 'x'],
  'cdn.jsdelivr.net', // wllama's default for old browsers; we serve the file, and the policy forbids it
]);

const ADDRESS = /https?:\/\/([A-Za-z0-9.*-]+\.[A-Za-z]{2,}|[A-Za-z0-9.-]+)/g;

function faultsIn(file: string, text: string): string[] {
  const markers = FOR_TESTS.filter((marker) => text.includes(marker));
  const hosts = [...text.matchAll(ADDRESS)].map((match) => match[1] ?? '');
  const extra = (process.env.PADDOCK_CONNECT_SRC ?? '').split(/\s+/);
  const unknown = new Set(
    hosts.filter((host) => !HOSTS.has(host) && !extra.some((entry) => entry.includes(host))),
  );
  return [
    ...markers.map((marker) => `${file} holds "${marker}", which is for tests only.`),
    ...[...unknown].map((host) => `${file} names ${host}, which check-release.ts does not list.`),
  ];
}

const dir = process.argv[2];
if (!dir) {
  console.error('Usage: tsx scripts/check-release.ts <folder of the build>');
  process.exit(1);
}
const texts = filesUnder(dir).filter(
  (file) => /\.(js|css|html|json|webmanifest)$/.test(file) && !file.startsWith('v2/'),
);
const faults = texts.flatMap((file) => faultsIn(file, readFileSync(join(dir, file), 'utf8')));
for (const fault of faults) console.error(fault);
if (texts.length === 0) console.error(`${dir} holds no build.`);
if (faults.length > 0 || texts.length === 0) process.exit(1);
console.log(`${dir}: ${texts.length} files hold no test code and no unlisted address.`);
