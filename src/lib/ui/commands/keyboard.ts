/** Which command a press means. */
import { isPressed, type Press } from '#core/keys';
import { keysOf, type Command } from './command';

/** Where a press happens. */
export interface Place {
  mac: boolean;
  /** The target takes letters. */
  typing: boolean;
  /** The target is the box for messages, and nothing is in it. */
  emptyMessage: boolean;
  /** Keys without a modifier are wanted. */
  plain: boolean;
}

/** The first that can be done now; commands may share keys. */
export function pressedCommand(
  commands: readonly Command[],
  press: Press,
  place: Place,
): Command | undefined {
  return commands.find(
    (command) =>
      keysOf(command, place.mac).some(
        (keys) => isPressed(keys, press, place.mac) && isMeant(keys, command, place),
      ) && command.possible(),
  );
}

function isMeant(keys: string, { where }: Command, { typing, emptyMessage, plain }: Place) {
  if (where === 'empty-message') return emptyMessage;
  const letter = keys.length === 1;
  return !letter || (plain && !typing);
}

/** What takes letters, or the arrows with Alt. */
const WRITING = 'input, textarea, select, [contenteditable]';

/** What a press's target says of its place. */
export function placeOf(target: EventTarget | null): Pick<Place, 'typing' | 'emptyMessage'> {
  if (!(target instanceof HTMLElement)) return { typing: false, emptyMessage: false };
  const emptyMessage =
    target instanceof HTMLTextAreaElement && 'messageBox' in target.dataset && target.value === '';
  return { typing: target.closest(WRITING) !== null, emptyMessage };
}
