/** Where a demo may go: refused folders stay as they are, and a build that fails leaves what was there. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refuseForeign, replaceSite } from '../../scripts/demo/out-folder';

let dir: string;
let out: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'paddock-out-'));
  out = join(dir, 'site');
});

afterEach(() => rmSync(dir, { recursive: true }));

function site(folder: string, words: string): void {
  mkdirSync(join(folder, '_app'), { recursive: true });
  for (const file of ['index.html', 'service-worker.js']) writeFileSync(join(folder, file), words);
}

it('takes a new folder, an empty one, and a site that was built before', () => {
  expect(() => refuseForeign(out)).not.toThrow();
  mkdirSync(out);
  expect(() => refuseForeign(out)).not.toThrow();
  site(out, 'old');
  expect(() => refuseForeign(out)).not.toThrow();
});

it("refuses a folder with somebody's files, and every folder that holds the sources", () => {
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.txt'), 'years');
  expect(() => refuseForeign(out)).toThrow(/holds other files.*--out/);
  for (const folder of ['.', '..', '/', process.cwd()]) {
    expect(() => refuseForeign(folder)).toThrow(/holds Paddock itself/);
  }
  for (const folder of ['src', 'static']) {
    expect(() => refuseForeign(folder)).toThrow(/holds other files/);
  }
});

it('replaces a site by one that is whole', async () => {
  site(out, 'old');
  writeFileSync(join(out, 'stale.js'), 'old');
  await replaceSite(`${out}/`, async (folder) => {
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('old');
    site(folder, 'new');
  });
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('new');
  expect(existsSync(join(out, 'stale.js'))).toBe(false);
  expect(readdirSync(dir)).toEqual(['site']);
});

it('leaves what was there when the build fails, and nothing beside it', async () => {
  site(out, 'old');
  const failing = replaceSite(out, async (folder) => {
    site(folder, 'half');
    throw new Error('stopped');
  });
  await expect(failing).rejects.toThrow('stopped');
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('old');
  expect(readdirSync(dir)).toEqual(['site']);
});

it('leaves what was there when the build gives nothing to put in its place', async () => {
  site(out, 'old');
  await expect(replaceSite(out, () => Promise.resolve())).rejects.toThrow('ENOENT');
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('old');
  expect(readdirSync(dir)).toEqual(['site']);
});

it("leaves somebody's folder beside it alone, whatever its name", async () => {
  mkdirSync(`${out}.partial`);
  writeFileSync(join(`${out}.partial`, 'thesis.txt'), 'years');
  await replaceSite(out, async (folder) => site(folder, 'new'));
  expect(readFileSync(join(`${out}.partial`, 'thesis.txt'), 'utf8')).toBe('years');
  expect(readdirSync(dir)).toEqual(['site', 'site.partial']);
});
