/** What is said in which language, and what happens to a message that a language lacks. */
import { afterEach, describe, expect, test } from 'vitest';
import { ENGLISH, inEnglish, message, speakBy, spoken, type Catalogue } from '#core/language';
import { LANGUAGES, languageOf } from '#core/languages';
import { markedMessage } from '#core/marked-message';

const files = message<{ count: number }>('files', ({ count }) => `${count} files`);
const help = markedMessage<void>(
  'help',
  Object.assign(() => 'Open the page', { parts: () => [{ type: 'text' as const, value: 'Open' }] }),
);

function speak(catalogue: Catalogue) {
  speakBy(() => ({ ...ENGLISH, tag: 'de', catalogue }));
}

afterEach(() => speakBy(() => ENGLISH));

describe('a message', () => {
  test('is English until somebody chooses, as in a worker', () => {
    expect(spoken().tag).toBe('en');
    expect(files({ count: 3 })).toBe('3 files');
  });

  test('follows the choice at every call, and back', () => {
    speak({ files: ({ count }) => `${count} Dateien` });
    expect(files({ count: 3 })).toBe('3 Dateien');
    speakBy(() => ENGLISH);
    expect(files({ count: 3 })).toBe('3 files');
  });

  test('is English within what is said in English, and no longer when that fails', () => {
    speak({ files: ({ count }) => `${count} Dateien` });
    expect(inEnglish(() => files({ count: 3 }))).toBe('3 files');
    const failing = () => {
      throw new Error('no words');
    };
    expect(() => inEnglish(failing)).toThrow('no words');
    expect(files({ count: 3 })).toBe('3 Dateien');
  });

  test('is English where the language lacks it', () => {
    speak({});
    expect(files({ count: 3 })).toBe('3 files');
    expect(help()).toBe('Open the page');
    expect(help.parts()).toEqual([{ type: 'text', value: 'Open' }]);
  });

  test('can be had in English beside it, also where that fails', () => {
    speak({ files: ({ count }) => `${count} Dateien` });
    expect(inEnglish(() => files({ count: 3 }))).toBe('3 files');
    const failing = () => {
      throw new Error('no words');
    };
    expect(() => inEnglish(failing)).toThrow('no words');
    expect(files({ count: 3 })).toBe('3 Dateien');
  });

  test('has the parts of the chosen language', () => {
    const german = Object.assign(() => 'Öffne', {
      parts: () => [{ type: 'text' as const, value: 'Öffne' }],
    });
    speak({ help: german });
    expect(help.parts()).toEqual([{ type: 'text', value: 'Öffne' }]);
  });
});

describe('the system’s language', () => {
  const whole = Object.keys(LANGUAGES).filter((tag) => languageOf([tag]) === tag);

  test('is the first that is spoken in all areas, whatever its region', () => {
    for (const tag of whole) expect(languageOf(['xx', `${tag.toUpperCase()}-AT`, 'en'])).toBe(tag);
  });

  test('is English where none is, or only in part', () => {
    expect(languageOf([])).toBe('en');
    expect(languageOf(['xx-YY', 'tlh'])).toBe('en');
    for (const [tag, { part }] of Object.entries(LANGUAGES)) {
      if (part) expect(languageOf([tag, 'xx'])).toBe('en');
    }
  });
});
