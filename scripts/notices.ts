/**
 * Writes THIRD-PARTY-NOTICES.md: what the site contains of others' work, under which licence.
 * `--check` fails when the file is not what would be written.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledPackages } from './notices/bundled.ts';

const FILE = 'THIRD-PARTY-NOTICES.md';

const licence = (file: string) =>
  readFileSync(new URL(`./notices/${file}`, import.meta.url), 'utf8').trim();

const MIT = licence('mit.txt');

const LICENCES = {
  MIT,
  'BSD-3-Clause': licence('bsd-3-clause.txt'),
  // Once is enough of 200 lines.
  'Apache-2.0':
    'Licensed under the Apache License, Version 2.0: its text stands under @mlc-ai/web-llm.',
};

interface CompiledIn {
  title: string;
  license: keyof typeof LICENCES;
  copyright: string;
}

/** Inside a package without being a package: bundled into its scripts, or compiled into its WASM. */
const COMPILED_IN: CompiledIn[] = [
  {
    title: 'llama.cpp and ggml (inside @wllama/wllama and @wllama/wllama-compat)',
    license: 'MIT',
    copyright: 'Copyright (c) 2023-2026 The ggml authors',
  },
  {
    title: 'loglevel (inside @mlc-ai/web-llm)',
    license: 'MIT',
    copyright: 'Copyright (c) 2013 Tim Perry',
  },
  {
    title: 'Apache TVM and TVM FFI (inside @mlc-ai/web-llm)',
    license: 'Apache-2.0',
    copyright:
      'Apache TVM\nCopyright 2019-2023 The Apache Software Foundation\n\n' +
      'This product includes software developed at\nThe Apache Software Foundation (http://www.apache.org/).',
  },
  {
    title: 'XGrammar (inside @mlc-ai/web-llm)',
    license: 'Apache-2.0',
    copyright: 'Copyright (c) the XGrammar contributors',
  },
  {
    title: 'tokenizers-cpp (inside @mlc-ai/web-llm)',
    license: 'Apache-2.0',
    copyright: 'Copyright (c) the MLC contributors',
  },
  {
    title: 'Hugging Face tokenizers (inside @mlc-ai/web-llm)',
    license: 'Apache-2.0',
    copyright: 'Copyright (c) the Hugging Face team',
  },
  {
    title: 'SentencePiece (inside @mlc-ai/web-llm)',
    license: 'Apache-2.0',
    copyright: 'Copyright (c) Google Inc.',
  },
  {
    title: 'qs (inside openai)',
    license: 'BSD-3-Clause',
    copyright: 'Copyright (c) 2014-2025, Nathan LaFreniere and other contributors',
  },
  {
    title: 'partial-json (inside openai)',
    license: 'MIT',
    copyright: 'Copyright (c) 2023 Promplate Dev Team',
  },
];

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
    section(title, license, `${copyright}\n\n${LICENCES[license]}`),
  );
  return [
    '# Third-party notices\n',
    'The built site contains the works below. Paddock itself is under the Apache License 2.0, see',
    'LICENSE; the starter model SmolLM2-135M-Instruct too, by Hugging Face (HuggingFaceTB), and the embedding model',
    'all-MiniLM-L6-v2, by sentence-transformers, here as GGUF with weights of 8 bits.',
    'Written by `npx tsx scripts/notices.ts`.\n',
    ...sections,
    ...compiled,
  ].join('\n');
}

const written = notices(await bundledPackages());
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, written);
} else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== written) {
  console.error(
    `${FILE} is out of date. Run npx tsx scripts/notices.ts and commit what it writes.`,
  );
  process.exit(1);
}
