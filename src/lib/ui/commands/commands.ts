/** All commands: what the palette lists, the keyboard runs and the dialog of shortcuts shows. */
import { CHAT_COMMANDS } from './chat-commands';
import type { Command } from './command';
import { MESSAGE_COMMANDS } from './message-commands';
import { HELP_COMMANDS, PAGE_COMMANDS, VIEW_COMMANDS } from './page-commands';

export const COMMANDS: readonly Command[] = [
  ...CHAT_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...PAGE_COMMANDS,
  ...VIEW_COMMANDS,
  ...HELP_COMMANDS,
];

export function commandOf(id: string): Command | undefined {
  return COMMANDS.find((command) => command.id === id);
}
