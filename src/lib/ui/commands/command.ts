import { inEnglish } from '#core/language';
import * as m from '#core/messages/commands';

/** The groups of commands, in the order of the dialog of shortcuts. */
export const GROUPS = {
  chats: m.commands_group_chats,
  messages: m.commands_group_messages,
  view: m.commands_group_view,
  pages: m.commands_group_pages,
  help: m.commands_group_help,
};

export interface Command {
  readonly id: string;
  readonly group: keyof typeof GROUPS;
  /** A whole phrase; it may depend on what is there. */
  label(): string;
  /** Other words by which people look for it. */
  words(): string;
  /** In the form of `core/keys`; of several the first is shown everywhere. */
  readonly keys?: readonly string[];
  /** Where a Mac uses those for something else. */
  readonly macKeys?: readonly string[];
  /** Where its keys mean it; those with a modifier do wherever no dialog is open. */
  readonly where?: 'empty-message';
  /** Whether it can be done now. */
  possible(): boolean;
  run(): void;
}

/** Its keys on this machine. */
export function keysOf({ keys = [], macKeys }: Command, mac: boolean): readonly string[] {
  return mac ? (macKeys ?? keys) : keys;
}

/** What it is called, in a line with its group and other words. */
function named({ label, group, words }: Command): string {
  return `${label()} ${GROUPS[group]()} ${words()}`;
}

/** By what else it is found: in the spoken language, and always in English, which guides and habits have. */
export function otherWords(command: Command): string {
  return `${named(command)} ${inEnglish(() => named(command))}`;
}
