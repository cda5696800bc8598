/** What is written in `messages`: each language has what English has, and all of it is used. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { aboutKey } from '#core/catalogue/about-words';
import { LANGUAGE_TAGS } from '#core/languages';
import models from '../../src/lib/core/catalogue/models.json' with { type: 'json' };
import series from '../../src/lib/core/catalogue/series.json' with { type: 'json' };
import project from '../../project.inlang/settings.json' with { type: 'json' };

interface Variants {
  declarations: string[];
  match: Record<string, string>;
}
type Messages = Record<string, string | [Variants]>;

const { baseLocale, locales } = project;
const others = locales.filter((locale) => locale !== baseLocale);
const patterns = project['plugin.inlang.messageFormat'].pathPattern;
/** Its keys are made of what the catalogue's data say (`core/catalogue/about-words.ts`). */
const LOOKED_UP = 'abouts';
const areas = patterns.map((file) => path.basename(file, '.json'));

function read(locale: string, area: string): Messages {
  return JSON.parse(readFileSync(`messages/${locale}/${area}.json`, 'utf8')) as Messages;
}

/** All that it may say, by what is matched. */
function texts(said: Messages[string]): Record<string, string> {
  return typeof said === 'string' ? { '': said } : said[0].match;
}

/** What a message is given, and what it marks: the same in every language. */
function inputs(said: Messages[string]): string[] {
  if (typeof said !== 'string') {
    const [{ declarations }] = said;
    const given = declarations
      .filter((each) => each.startsWith('input '))
      .map((each) => each.slice(6));
    const local = declarations.map((each) => /^local (\w+)/.exec(each)?.[1]);
    return [...new Set([...given, ...used(said).filter((name) => !local.includes(name))])].sort();
  }
  return used(said);
}

function used(said: Messages[string]): string[] {
  const all = Object.values(texts(said)).join(' ');
  return [
    ...new Set([...all.matchAll(/(?<!\\)\{([#/]?\w+)\}/g)].map(([, name = '']) => name)),
  ].sort();
}

test('the project, the product and the folders have the same languages and areas', () => {
  expect(LANGUAGE_TAGS.toSorted()).toEqual(locales.toSorted());
  for (const locale of locales) {
    const found = readdirSync(`messages/${locale}`).map((file) => path.basename(file, '.json'));
    expect(found.sort()).toEqual(areas.toSorted());
  }
});

describe.each(areas)('%s', (area) => {
  const english = read(baseLocale, area);

  test.each(others)('is whole in %s: the same messages, given the same', (locale) => {
    const other = read(locale, area);
    expect(Object.keys(other)).toEqual(Object.keys(english));
    for (const [key, said] of Object.entries(english)) {
      expect({ [key]: inputs(other[key]!) }).toEqual({ [key]: inputs(said) });
    }
  });

  test.each(locales)('says every plural that %s has', (locale) => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const [key, said] of Object.entries(read(locale, area))) {
      if (typeof said === 'string') continue;
      const [{ declarations, match }] = said;
      for (const declaration of declarations) {
        const [, form] = /^local (\w+) = \w+: plural$/.exec(declaration) ?? [];
        if (form === undefined) continue;
        const missing = forms.filter(
          (each) => !Object.keys(match).some((names) => fits(names, form, each)),
        );
        expect({ [key]: missing }).toEqual({ [key]: [] });
      }
    }
  });

  test.skipIf(area === LOOKED_UP)('has no message that nobody says', () => {
    const unused = Object.keys(english).filter(
      (key) => !SOURCES.some((text) => mentions(text, key)),
    );
    expect(unused).toEqual([]);
  });
});

test('each model of the catalogue has its sentence, and no other is there', () => {
  const all = [...models, ...series].flatMap(({ about }: { about?: string }) => about ?? []);
  const english = read(baseLocale, LOOKED_UP);
  expect(english).toEqual(Object.fromEntries(all.map((about) => [aboutKey(about), about])));
});

/** `form=one, other=*`: whether `form` may be `value` there. */
function fits(names: string, form: string, value: string): boolean {
  const pairs = names.split(',').map((pair) => pair.trim().split('='));
  return pairs.some(([name, wanted]) => name === form && (wanted === value || wanted === '*'));
}

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('core/messages/'))
  .map((file) => readFileSync(path.join('src', file), 'utf8'));

function mentions(text: string, key: string): boolean {
  return new RegExp(`\\.${key}\\b`).test(text);
}
