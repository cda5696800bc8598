import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const library = join(root, 'node_modules/@lucide/svelte/dist/icons');

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svelte'))
  .map((path) => readFileSync(join(root, 'src', path), 'utf8'));

const IMPORT = /import (\w+) from '@lucide\/svelte\/icons\/([\w-]+)'/g;
const imports = sources.flatMap((text) =>
  [...text.matchAll(IMPORT)].map(([, name = '', file = '']) => ({ text, name, file })),
);
const files = [...new Set(imports.map(({ file }) => file))].sort();

/** What ui/common/Icon.svelte draws. */
const DRAWN: Record<string, string[]> = {
  path: ['d'],
  circle: ['cx', 'cy', 'r'],
  // `ry` is `rx` where it is not given.
  rect: ['x', 'y', 'width', 'height', 'rx', 'ry'],
};

/** The icon's shapes; an old name stands for the file of the new one. */
function shapes(file: string): [tag: string, attributes: Record<string, string>][] {
  const script = readFileSync(join(library, `${file}.js`), 'utf8');
  const [, target = ''] = /from ["'](\.{1,2}\/[^"']+\.svelte)["']/.exec(script) ?? [];
  const text = readFileSync(join(dirname(join(library, `${file}.js`)), target), 'utf8');
  const [, data = ''] = /const iconData = (\{.*\});/.exec(text) ?? [];
  return (JSON.parse(data) as { node: [string, Record<string, string>][] }).node;
}

describe('icons', () => {
  it.each(files)('%s has no shape that Paddock does not draw', (file) => {
    const drawn = shapes(file);
    expect(drawn.length).toBeGreaterThan(0);
    for (const [tag, attributes] of drawn) {
      expect(DRAWN[tag] ?? []).toEqual(expect.arrayContaining(Object.keys(attributes)));
      if ('ry' in attributes) expect(attributes.ry).toBe(attributes.rx);
    }
  });

  it('are given no property that is not drawn', () => {
    const given = imports.flatMap(({ text, name }) =>
      [...text.matchAll(new RegExp(`<${name}\\s([^>]*?)/>`, 'g'))].flatMap(([, list = '']) =>
        [...list.matchAll(/([\w-]+)=/g)].map(([, property]) => property),
      ),
    );
    expect(new Set(given)).toEqual(new Set(['size', 'fill', 'aria-hidden']));
  });
});
