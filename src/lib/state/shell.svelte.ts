/** What the first page's buttons ask of the commands, which load behind it. */
class Shell {
  /** The id of a command that somebody chose; it is run, and this emptied, as soon as the commands are here. */
  asked = $state<string | null>(null);
  /** The keys that open the list of commands, as they are written on them. */
  hint = $state('');
}

export const shell = new Shell();
