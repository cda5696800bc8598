/**
 * Makes the modules of what Paddock says from `messages/<language>/<area>.json`: `src/lib/core/messages/<area>.ts` with
 * the English inside, and `<language>.late.ts` for each other language; nothing when they are newer than their sources.
 *   npm run messages -- [--force]
 */
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

const SETTINGS = 'project.inlang/settings.json';
const SOURCES = 'messages';
const OUT = 'src/lib/core/messages';
/** What the modules are made with, beside their sources. */
const TOOLS = ['scripts/messages.ts', 'scripts/messages/compile.ts', SETTINGS, 'package.json'];

interface ProjectSettings {
  baseLocale: string;
  locales: string[];
  'plugin.inlang.messageFormat': { pathPattern: string[] };
}

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
const started = new Date();
const project = JSON.parse(await readFile(SETTINGS, 'utf8')) as ProjectSettings;
const areas = project['plugin.inlang.messageFormat'].pathPattern.map((file) =>
  path.basename(file, '.json'),
);
const others = project.locales.filter((locale) => locale !== project.baseLocale);
const targets = [...areas.map((area) => `${area}.ts`), ...others.map((each) => `${each}.late.ts`)];
if (values.force || !(await areCurrent())) await make();

async function make(): Promise<void> {
  // Half a second to import, which a run with nothing to do is spared.
  const { areaModule, catalogueModule, compileFile } = await import('./messages/compile.ts');
  const compile = async (locale: string, area: string) => {
    const file = `${SOURCES}/${locale}/${area}.json`;
    const messages = await compileFile(await readFile(file, 'utf8'), locale);
    const stranger = messages.find(({ key }) => !key.startsWith(`${area}_`));
    if (stranger) throw new Error(`${file}: “${stranger.key}” does not begin with “${area}_”.`);
    return messages;
  };
  await mkdir(OUT, { recursive: true });
  let count = 0;
  for (const area of areas) {
    const messages = await compile(project.baseLocale, area);
    count += messages.length;
    await write(`${area}.ts`, areaModule(`messages/${project.baseLocale}/${area}.json`, messages));
  }
  for (const locale of others) {
    const all = await Promise.all(areas.map((area) => compile(locale, area)));
    await write(`${locale}.late.ts`, catalogueModule(locale, all.flat()));
  }
  for (const name of await readdir(OUT)) {
    if (!targets.includes(name) && !name.endsWith('.part')) await rm(path.join(OUT, name));
  }
  const seconds = (Date.now() - started.getTime()) / 1000;
  console.log(`${OUT}: ${count} messages, ${seconds.toFixed(1)} s`);
}

async function write(name: string, text: string): Promise<void> {
  const target = path.join(OUT, name);
  // Renamed when whole: another run may be reading.
  const part = `${target}.${process.pid}.part`;
  await writeFile(part, text);
  // As old as what it was made from: a source that changed meanwhile is newer.
  await utimes(part, started, started);
  await rename(part, target);
}

async function areCurrent(): Promise<boolean> {
  const inside = await readdir(SOURCES, { recursive: true });
  // The folders too: a deleted file leaves no other trace.
  const sources = [SOURCES, ...inside.map((name) => path.join(SOURCES, name)), ...TOOLS];
  const newest = Math.max(...(await Promise.all(sources.map(changeTime))));
  const made = await Promise.all(targets.map((name) => changeTime(path.join(OUT, name))));
  return Math.min(...made) > newest;
}

/** 0 for what is not there. */
async function changeTime(name: string): Promise<number> {
  const found = await stat(name).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}
