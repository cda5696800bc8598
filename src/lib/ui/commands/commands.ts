/** All commands: what the palette lists, the keyboard runs and the dialog of shortcuts shows. */
import { CHAT_COMMANDS } from './chat-commands';
import { keysOf, type Command } from './command';
import { MESSAGE_COMMANDS } from './message-commands';
import { HELP_COMMANDS, PAGE_COMMANDS, VIEW_COMMANDS } from './page-commands';

export const COMMANDS: readonly Command[] = [
  ...CHAT_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...PAGE_COMMANDS,
  ...VIEW_COMMANDS,
  ...HELP_COMMANDS,
];

/** The keys of a command, those that are shown first; none where it has none. */
export function keysFor(id: string, mac: boolean): readonly string[] {
  const command = commandOf(id);
  return command ? keysOf(command, mac) : [];
}

export function commandOf(id: string): Command | undefined {
  return COMMANDS.find((command) => command.id === id);
}
