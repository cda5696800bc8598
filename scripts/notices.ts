/**
 * Writes THIRD-PARTY-NOTICES.md: what the site contains of others' work, under which licence.
 * `--check` fails when the file is not what would be written.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledPackages } from './notices/bundled.ts';

const FILE = 'THIRD-PARTY-NOTICES.md';

/** Inside a package without being a package: compiled into wllama's WASM. */
const COMPILED_IN = [
  {
    title: 'llama.cpp and ggml (inside @wllama/wllama and @wllama/wllama-compat)',
    license: 'MIT',
    copyright: 'Copyright (c) 2023-2026 The ggml authors',
  },
];

const MIT = readFileSync(new URL('./notices/mit.txt', import.meta.url), 'utf8').trim();

interface PackageJson {
  version: string;
  license?: string;
  author?: string | { name?: string };
}

function licenceText(folder: string, { license, author }: PackageJson): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (file) return readFileSync(`${folder}/${file}`, 'utf8').trim();
  const holder = typeof author === 'string' ? author : author?.name;
  if (license === 'MIT') return `Copyright (c) ${holder ?? 'the authors'}\n\n${MIT}`;
  throw new Error(`${folder} has no licence file, and its licence is ${license ?? 'not named'}.`);
}

function section(title: string, license: string, text: string): string {
  return `## ${title}\n\nLicence: ${license}\n\n\`\`\`text\n${text.replaceAll('\r\n', '\n')}\n\`\`\`\n`;
}

function notices(packages: string[]): string {
  const sections = packages.map((name) => {
    const folder = `node_modules/${name}`;
    const json = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as PackageJson;
    const text = licenceText(folder, json);
    return section(`${name} ${json.version}`, json.license ?? 'see below', text);
  });
  const compiled = COMPILED_IN.map(({ title, license, copyright }) =>
    section(title, license, `${copyright}\n\n${MIT}`),
  );
  return [
    '# Third-party notices\n',
    'The built site contains the works below. Paddock itself is under the Apache License 2.0, see',
    'LICENSE; the starter model SmolLM2-135M-Instruct too, by Hugging Face (HuggingFaceTB).',
    'Written by `npx tsx scripts/notices.ts`.\n',
    ...sections,
    ...compiled,
  ].join('\n');
}

const text = notices(await bundledPackages());
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  console.error(
    `${FILE} is out of date. Run npx tsx scripts/notices.ts and commit what it writes.`,
  );
  process.exit(1);
}
