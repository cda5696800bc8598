/** Reads a Modelfile. */
import {
  badModelfile,
  COMMAND_FAULT,
  commandName,
  ROLE_FAULT,
  ROLES,
  type Command,
  type Modelfile,
} from '#core/modelfile/commands';
import { Scanner } from '#core/modelfile/scanner';
import { decodeModelfile, printable } from '#core/modelfile/text';

/** Characters; a licence and a template have some 50,000 together. */
const MAX_TEXT = 16 * 1024 * 1024;

/** @throws PaddockError `bad_request`, naming the line; detail: line */
export function parseModelfile(source: string | Uint8Array): Modelfile {
  const text = typeof source === 'string' ? source : decodeModelfile(source);
  if (text.length > MAX_TEXT) throw badModelfile(`a Modelfile has ${MAX_TEXT} characters at most`);
  const scanner = new Scanner(printable(text));
  const commands: Modelfile = [];
  for (scanner.skipToCommand(); !scanner.ended; scanner.skipToCommand()) {
    commands.push(readCommand(scanner));
  }
  if (commands.some(({ name }) => name === 'from')) return commands;
  throw badModelfile('no FROM line');
}

function readCommand(scanner: Scanner): Command {
  const { line } = scanner;
  const { word, closed } = scanner.word();
  const name = commandName(word);
  if (!name || !(closed || scanner.ended)) throw badModelfile(COMMAND_FAULT, line);
  if (!closed) throw badModelfile(`unexpected EOF: ${word} has no value`, line);
  if (name === 'parameter') {
    const key = argument(scanner, line, 'PARAMETER');
    return { name, key, value: scanner.value() };
  }
  if (name === 'message') {
    const { word: spelled, closed } = scanner.word();
    const role = ROLES.find((known) => known === spelled);
    if (!role) throw badModelfile(ROLE_FAULT, line);
    if (!closed) throw badModelfile(`unexpected EOF: MESSAGE ${role} has no value`, line);
    return { name, role, value: scanner.value() };
  }
  return { name, value: scanner.value() };
}

/** The word before the value, which must have one. */
function argument(scanner: Scanner, line: number, command: string): string {
  const { word, closed } = scanner.word();
  if (word !== '' && closed) return word;
  throw badModelfile(`unexpected EOF: ${command} ${word} has no value`.replace(/ {2,}/, ' '), line);
}
