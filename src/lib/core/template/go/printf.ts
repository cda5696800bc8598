/** Go's `printf`, as far as text is made with it. */
import { goJson, textOf, type GoValue } from './values';

/** Letters of a padding; what is wider is made to fill the memory. */
const MAX_WIDTH = 1000;

const VERB = /%([-+ 0#]*)(\d+)?(?:\.(\d+))?(.)/gsu;

/** @throws Error, saying which verb it has not */
export function printf(format: string, values: readonly GoValue[]): string {
  let at = 0;
  const text = format.replace(
    VERB,
    (_, flags: string, width = '', precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (at >= values.length) return `%!${verb}(MISSING)`;
      if (Number(width) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH) {
        throw new Error(`printf with a width of more than ${MAX_WIDTH}`);
      }
      const digits = precision === undefined ? undefined : Number(precision);
      return padded(written(verb, values[at++]!, flags, digits), Number(width), flags);
    },
  );
  if (at >= values.length) return text;
  return `${text}%!(EXTRA ${values.slice(at).map(textOf).join(', ')})`;
}

function written(verb: string, value: GoValue, flags: string, digits?: number): string {
  switch (verb) {
    case 's':
    case 'v':
      return digits === undefined ? textOf(value) : [...textOf(value)].slice(0, digits).join('');
    case 'q':
      return JSON.stringify(textOf(value));
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong(verb, value);
    case 'd':
      return typeof value === 'number' && Number.isInteger(value)
        ? signed(value, String(value), flags)
        : wrong(verb, value);
    case 'f':
      return typeof value === 'number'
        ? signed(value, value.toFixed(Math.min(digits ?? 6, 100)), flags)
        : wrong(verb, value);
    case 'x':
      return typeof value === 'number' && Number.isInteger(value)
        ? signed(value, value.toString(16), flags)
        : wrong(verb, value);
    default:
      throw new Error(`printf has no %${verb} here`);
  }
}

function signed(value: number, text: string, flags: string): string {
  return value >= 0 && flags.includes('+') ? `+${text}` : text;
}

function padded(text: string, width: number, flags: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !/^[-+]?[\d.]+$/.test(text)) return text.padStart(width);
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** As Go says that a verb does not fit. */
function wrong(verb: string, value: GoValue): string {
  return `%!${verb}(${value === null ? '<nil>' : typeof value === 'object' ? goJson(value) : `${typeof value}=${textOf(value)}`})`;
}
