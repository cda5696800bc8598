/** Which press is which shortcut, on which machine and layout, and how it is written. */
import { afterEach, describe, expect, it } from 'vitest';
import { ENGLISH, speakBy } from '#core/language';
import { catalogue } from '#core/messages/de.late';
import { ariaKeys, isPressed, shownKeys, spokenKeys, type Press } from '#core/keys';

function press(key: string, code: string, ...held: string[]): Press {
  return {
    ...{ key, code },
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
    shiftKey: held.includes('shift'),
  };
}

afterEach(() => speakBy(() => ENGLISH));

describe('a press is a shortcut', () => {
  it('with Ctrl, and on a Mac with the command key', () => {
    expect(isPressed('Mod+K', press('k', 'KeyK', 'ctrl'), false)).toBe(true);
    expect(isPressed('Mod+K', press('k', 'KeyK', 'meta'), true)).toBe(true);
    expect(isPressed('Mod+K', press('k', 'KeyK', 'ctrl'), true)).toBe(false);
    expect(isPressed('Mod+K', press('k', 'KeyK', 'meta'), false)).toBe(false);
  });

  it('with just its modifiers', () => {
    expect(isPressed('Mod+K', press('K', 'KeyK', 'ctrl', 'shift'), false)).toBe(false);
    expect(isPressed('Mod+Shift+O', press('O', 'KeyO', 'ctrl', 'shift'), false)).toBe(true);
    expect(isPressed('Mod+Shift+O', press('o', 'KeyO', 'ctrl'), false)).toBe(false);
    // AltGr is Ctrl and Alt at once.
    expect(isPressed('Mod+K', press('k', 'KeyK', 'ctrl', 'alt'), false)).toBe(false);
    expect(isPressed('Escape', press('Escape', 'Escape'), false)).toBe(true);
    expect(isPressed('Alt+ArrowUp', press('ArrowUp', 'ArrowUp'), false)).toBe(false);
  });

  it('by the letter of its layout, and by its place where the layout has none', () => {
    expect(isPressed('Mod+K', press('л', 'KeyK', 'ctrl'), false)).toBe(true);
    // Dvorak: T stands where others have K.
    expect(isPressed('Mod+K', press('t', 'KeyK', 'ctrl'), false)).toBe(false);
    expect(isPressed('Mod+K', press('k', 'KeyV', 'ctrl'), false)).toBe(true);
  });

  it('by its sign, with Shift or without', () => {
    expect(isPressed('?', press('?', 'Slash', 'shift'), false)).toBe(true);
    expect(isPressed('Mod+/', press('/', 'Digit7', 'ctrl', 'shift'), false)).toBe(true);
    expect(isPressed('?', press('?', 'Slash', 'ctrl', 'shift'), false)).toBe(false);
  });
});

it('is written as its keys are, said in words, and told to assistive technology', () => {
  expect(shownKeys('Mod+Shift+O', false)).toEqual(['Ctrl', 'Shift', 'O']);
  expect(shownKeys('Mod+Alt+ArrowUp', true)).toEqual(['⌘', '⌥', '↑']);
  expect(spokenKeys('Mod+/', true)).toBe('Command Slash');
  expect(spokenKeys('Alt+ArrowDown', false)).toBe('Alt Down arrow');
  expect(ariaKeys('Mod+K', false)).toBe('Control+K');
  expect(ariaKeys('Mod+K', true)).toBe('Meta+K');
});

it('is written as the keyboards of the spoken language are', () => {
  speakBy(() => ({ tag: 'de', numbers: 'de', dates: 'de', catalogue }));
  expect(shownKeys('Mod+Shift+O', false)).toEqual(['Strg', 'Umschalt', 'O']);
  expect(shownKeys('Mod+Shift+O', true)).toEqual(['⌘', '⇧', 'O']);
  expect(spokenKeys('Mod+/', false)).toBe('Strg Schrägstrich');
  expect(spokenKeys('Alt+ArrowDown', true)).toBe('Wahltaste Pfeil nach unten');
});
