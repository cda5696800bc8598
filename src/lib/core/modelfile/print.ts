/** Writes a Modelfile that reads as the same again. */
import type { Command, Modelfile } from '#core/modelfile/commands';

/** One command a line, with a line's end behind each. */
export function printModelfile(modelfile: Modelfile): string {
  return modelfile.map((command) => `${printCommand(command)}\n`).join('');
}

function printCommand(command: Command): string {
  const value = quoted(command.value);
  if (command.name === 'parameter') return `PARAMETER ${command.key} ${value}`;
  if (command.name === 'message') return `MESSAGE ${command.role} ${value}`;
  return `${command.name.toUpperCase()} ${value}`;
}

/**
 * Quotes only where the value would read as another one without: three where it holds quotes itself. The grammar has
 * no escapes, so a value with three quotes at the end of a line, which no Modelfile can have, does not come back.
 */
function quoted(value: string): string {
  const bare = value !== '' && !value.startsWith('"') && !/[\r\n]|^[ \t]|[ \t]$/.test(value);
  if (bare) return value;
  return value.includes('"') ? `"""${value}"""` : `"${value}"`;
}
