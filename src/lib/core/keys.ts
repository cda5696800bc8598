/**
 * Shortcuts as texts: `Mod+Shift+O`, `Alt+ArrowUp`, `?`. Mod is ⌘ on a Mac and Ctrl elsewhere. A sign is meant
 * wherever its layout has it, with Shift or without.
 */

import * as m from '#core/messages/commands';

/** What of a keyboard event decides. */
export type Press = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

const SYMBOLS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};
const ON_MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
/** As they are written on the keyboards of the language. */
const WRITTEN: Record<string, () => string> = {
  Mod: m.commands_key_control,
  Shift: m.commands_key_shift,
  Enter: m.commands_key_enter,
};
const SPOKEN: Record<string, () => string> = {
  ...WRITTEN,
  ArrowUp: m.commands_key_up,
  ArrowDown: m.commands_key_down,
  ArrowLeft: m.commands_key_left,
  ArrowRight: m.commands_key_right,
  '/': m.commands_key_slash,
  '?': m.commands_key_question,
};
const SPOKEN_ON_MAC: Record<string, () => string> = {
  ...SPOKEN,
  Mod: m.commands_key_command,
  Alt: m.commands_key_option,
};

/** Whether a press is this shortcut, with just these modifiers. */
export function isPressed(keys: string, press: Press, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.pop() ?? '';
  const [mod, other] = mac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  if (mod !== parts.includes('Mod') || other) return false;
  if (press.altKey !== parts.includes('Alt')) return false;
  const sign = key.length === 1 && !isLetter(key);
  return (sign || press.shiftKey === parts.includes('Shift')) && isKey(key, press);
}

/** Of Latin letters the letter counts; where a layout has none, the place on the keyboard. */
function isKey(key: string, { key: pressed, code }: Press): boolean {
  if (!isLetter(key)) return pressed === key;
  return isLetter(pressed) ? pressed.toUpperCase() === key : code === `Key${key}`;
}

function isLetter(key: string): boolean {
  return /^[a-z]$/i.test(key);
}

/** Each key as it is written on it. */
export function shownKeys(keys: string, mac: boolean): string[] {
  return parts(keys).map(
    (part) => (mac && ON_MAC[part]) || (WRITTEN[part]?.() ?? SYMBOLS[part] ?? part),
  );
}

/** For a screen reader, which leaves out most signs. */
export function spokenKeys(keys: string, mac: boolean): string {
  const names = mac ? SPOKEN_ON_MAC : SPOKEN;
  return parts(keys)
    .map((part) => names[part]?.() ?? part)
    .join(' ');
}

/** The form that `aria-keyshortcuts` has. */
export function ariaKeys(keys: string, mac: boolean): string {
  return keys.replace('Mod', mac ? 'Meta' : 'Control');
}

function parts(keys: string): string[] {
  return keys.split('+');
}
