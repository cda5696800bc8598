import { Interpreter } from '@huggingface/jinja';
import { PaddockError } from '#core/errors';

/** Far more than a chat of 2,000 messages takes; they pass in a second or two. */
const MAX_STEPS = 2_000_000;
/** Steps; a turn of a loop takes some 8 µs, for its scope and its `loop`. */
const TURN = 16;
/** UTF-16 units; no context holds that many. */
const MAX_LETTERS = 16 * 1024 * 1024;

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Scope = Parameters<Interpreter['evaluate']>[1];
type Value = ReturnType<Interpreter['evaluate']>;

interface Loop extends Statement {
  iterable: Statement & { lhs?: Statement };
}

/** Runs a template from a file that nobody has checked: loops and texts have an end. */
export class BoundedInterpreter extends Interpreter {
  #steps = 0;
  /** What loops run over: an empty loop evaluates nothing else. */
  readonly #iterables = new WeakSet<Statement>();

  /** @throws PaddockError `not_supported` when the bounds are passed */
  override evaluate(statement: Statement | undefined, scope: Scope): Value {
    this.#count(1);
    if (statement && isLoop(statement)) {
      this.#iterables.add(statement.iterable.lhs ?? statement.iterable);
    }
    const result = super.evaluate(statement, scope);
    if (statement && this.#iterables.has(statement)) this.#count(TURN * lengthOf(result));
    if (typeof result.value === 'string' && result.value.length > MAX_LETTERS) throw endless();
    return result;
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw endless();
  }
}

function isLoop(statement: Statement): statement is Loop {
  return statement.type === 'For';
}

function lengthOf({ value }: Value): number {
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

function endless(): PaddockError {
  return new PaddockError(
    'not_supported',
    "The model's chat template does not come to an end. Use another model, or send a prompt without a template.",
  );
}
