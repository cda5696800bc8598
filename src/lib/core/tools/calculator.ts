/** An expression worked out by a parser of our own: nothing of it is ever run as a program. */
import { readSigns, type Sign } from '#core/tools/calculator-signs';
import { CONSTANTS, factorial, FUNCTIONS } from '#core/tools/calculator-words';
import { ToolError } from '#core/tools/tool';

const MOST_LETTERS = 2000;
const DEEPEST = 100;

/**
 * The value of an expression of doubles; angles in radians. `-2^2` is -4, `2^3^2` is 2^9, `%` is the remainder with
 * the sign of the dividend. @throws ToolError with the place of the fault, in characters from 1
 */
export function calculate(expression: string): number {
  if (expression.length > MOST_LETTERS) {
    throw new ToolError(
      `The expression has more than ${MOST_LETTERS} characters. Send a shorter one.`,
    );
  }
  return new Parser(readSigns(expression)).whole();
}

/** A result as text: 15 digits, which hides what doubles cannot hold; `about` where whole numbers are not exact any more. */
export function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  const text = String(Number(value.toPrecision(15)));
  return Number.isInteger(value) ? `about ${text}` : text;
}

class Parser {
  readonly #signs: readonly Sign[];
  #at = 0;
  #depth = 0;

  constructor(signs: readonly Sign[]) {
    this.#signs = signs;
  }

  whole(): number {
    const value = this.#sum();
    const { kind } = this.#next;
    if (kind !== 'end')
      throw this.#unexpected(kind === 'number' || kind === 'name' || kind === '(');
    if (Number.isNaN(value)) throw new ToolError('The result is not a real number.');
    if (!Number.isFinite(value))
      throw new ToolError('The result is too large, or divides by zero.');
    return value;
  }

  get #next(): Sign {
    return this.#signs[this.#at]!;
  }

  #take(...kinds: string[]): string | null {
    const { kind } = this.#next;
    if (!kinds.includes(kind)) return null;
    this.#at++;
    return kind;
  }

  #sum(): number {
    let value = this.#product();
    for (let sign = this.#take('+', '-'); sign; sign = this.#take('+', '-')) {
      const other = this.#product();
      value = sign === '+' ? value + other : value - other;
    }
    return value;
  }

  #product(): number {
    let value = this.#signed();
    for (let sign = this.#take('*', '/', '%'); sign; sign = this.#take('*', '/', '%')) {
      const { place } = this.#next;
      const other = this.#signed();
      if (sign !== '*' && other === 0)
        throw new ToolError(`Division by zero at character ${place}.`);
      value = sign === '*' ? value * other : sign === '/' ? value / other : value % other;
    }
    return value;
  }

  #signed(): number {
    const sign = this.#take('+', '-');
    if (!sign) return this.#power();
    const value = this.#deeper(() => this.#signed());
    return sign === '-' ? -value : value;
  }

  /** Binds more than the sign before it, less than the one behind: 2^-1 is a half. */
  #power(): number {
    const base = this.#postfix();
    return this.#take('^') ? base ** this.#deeper(() => this.#signed()) : base;
  }

  #postfix(): number {
    let value = this.#atom();
    while (this.#take('!')) value = factorial(value);
    return value;
  }

  #atom(): number {
    const sign = this.#next;
    if (sign.kind === 'number') {
      this.#at++;
      return sign.value;
    }
    if (sign.kind === 'name') {
      this.#at++;
      return this.#named(sign);
    }
    if (!this.#take('(')) throw this.#unexpected();
    const value = this.#deeper(() => this.#sum());
    this.#close();
    return value;
  }

  #named({ text, place }: Sign): number {
    const name = text.toLowerCase();
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name]!;
    if (!Object.hasOwn(FUNCTIONS, name)) {
      const known = [...Object.keys(CONSTANTS), ...Object.keys(FUNCTIONS)].join(', ');
      throw new ToolError(`"${text}" at character ${place} is not known. Known are ${known}.`);
    }
    if (!this.#take('('))
      throw new ToolError(`"${text}" at character ${place} needs "(" behind it.`);
    const given = this.#arguments();
    const { least, most, of } = FUNCTIONS[name]!;
    if (given.length < least || given.length > most) {
      const count = least === most ? `${least}` : `at least ${least}`;
      throw new ToolError(`"${text}" at character ${place} takes ${count}, not ${given.length}.`);
    }
    return of(...given);
  }

  #arguments(): number[] {
    if (this.#take(')')) return [];
    const given = [this.#deeper(() => this.#sum())];
    while (this.#take(',')) given.push(this.#deeper(() => this.#sum()));
    this.#close();
    return given;
  }

  #close() {
    if (this.#take(')')) return;
    if (this.#next.kind === 'end') throw new ToolError('A ")" is missing at the end.');
    throw this.#unexpected();
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) {
      throw new ToolError(
        `The expression is nested more than ${DEEPEST} times. Work it out in parts.`,
      );
    }
    const value = read();
    this.#depth--;
    return value;
  }

  #unexpected(times = false): ToolError {
    const { kind, text, place } = this.#next;
    if (kind === 'end') return new ToolError('The expression ends too early.');
    if (kind === ',') {
      return new ToolError(`Unexpected "," at character ${place}. Write 1000 for 1,000.`);
    }
    const remedy = times ? ' Write * where you mean "times".' : '';
    return new ToolError(`Unexpected "${text}" at character ${place}.${remedy}`);
  }
}
