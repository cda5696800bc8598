/** The groups of commands, in the order of the dialog of shortcuts. */
export const GROUPS = ['Chats', 'Messages', 'View', 'Go to', 'Help'] as const;

export interface Command {
  readonly id: string;
  readonly group: (typeof GROUPS)[number];
  /** A whole phrase; it may depend on what is there. */
  readonly label: string;
  /** Other words by which people look for it. */
  readonly words?: string;
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
