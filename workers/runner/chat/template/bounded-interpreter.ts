import { Interpreter } from '@huggingface/jinja';
import { endless } from './faulty';
import { lengthOf, ValueSizes, type Value } from './value-size';

/** Far more than a chat of 2,000 messages takes; they pass in a second or two. */
const MAX_STEPS = 2_000_000;
/** Steps; a turn of a loop takes some 8 µs, for its scope and its `loop`, and a macro's call as long. */
const TURN = 16;
/** UTF-16 units; no context holds that many. */
const MAX_LETTERS = 16 * 1024 * 1024;
/** How many letters or entries make a step of 1 µs, as powers of two. */
const TEXT_READ = 10;
const TEXT_MADE = 3;
const LIST_READ = 6;
const LIST_MADE = 2;
/** A call may make each entry: `split`, `range`. */
const LIST_CALLED = 0;
/** A filter may sort or write out all that a value holds. */
const FILTERED = 4;
/** A text that is looked for in another, or looked through; joined ones are copied together first. */
const SEARCHED = 5;
/** The filter that takes a step for each letter. */
const SLOW = 'title';
/** Filters that take no longer for a larger value. */
const QUICK = new Set(['length', 'first', 'last', 'list', 'safe']);
/** What makes texts letter by letter. */
const MAKERS = new Set(['CallExpression', 'FilterExpression']);

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Scope = Parameters<Interpreter['evaluate']>[1];

interface Loop extends Statement {
  iterable: Statement & { lhs?: Statement };
}

interface Filtering extends Statement {
  operand: Statement;
  /** A name, or a call of one. */
  filter: Statement & { value?: string };
}

interface Joining extends Statement {
  operator: { value: string };
  left: Statement;
  right: Statement;
}

interface Member extends Statement {
  object: Statement;
  property: Statement & { value?: string };
}

interface Call extends Statement {
  callee: Statement;
}

/** Runs a template from a file that nobody has checked: loops, texts and what is done with them have an end. */
export class BoundedInterpreter extends Interpreter {
  #steps = 0;
  /** What loops run over: an empty loop evaluates nothing else. */
  readonly #iterables = new WeakSet<Statement>();
  /** What filters take. */
  readonly #taken = new WeakSet<Statement>();
  /** The halves of `+` and `~`: lists are written out there, texts only noted. */
  readonly #joined = new WeakSet<Statement>();
  /** The halves of `in`. */
  readonly #searched = new WeakSet<Statement>();
  /** What is cut: a text is made a list of letters first. */
  readonly #cut = new WeakSet<Statement>();
  readonly #made = new WeakSet<Value>();
  readonly #sizes = new ValueSizes(() => this.#count(1));

  /** @throws PaddockError `not_supported` when the bounds are passed */
  override evaluate(statement: Statement | undefined, scope: Scope): Value {
    this.#count(1);
    if (statement) this.#expect(statement);
    const result = super.evaluate(statement, scope);
    const length = lengthOf(result);
    if (typeof result.value === 'string') {
      if (length > MAX_LETTERS) throw endless();
      this.#count(length >> (statement && MAKERS.has(statement.type) ? TEXT_MADE : TEXT_READ));
    } else if (length > 0) {
      const called = statement?.type === 'CallExpression';
      const made = called ? LIST_CALLED : LIST_MADE;
      this.#count(length >> (this.#made.has(result) ? LIST_READ : made));
      this.#made.add(result);
    }
    if (statement) this.#chargeUse(statement, result, length);
    return result;
  }

  /** Notes what the parts of a statement are for: they are evaluated next. */
  #expect(statement: Statement): void {
    if (isLoop(statement)) {
      this.#iterables.add(statement.iterable.lhs ?? statement.iterable);
    } else if (isFilter(statement)) {
      if (!QUICK.has(statement.filter.value ?? '')) this.#taken.add(statement.operand);
    } else if (isJoining(statement)) {
      this.#joined.add(statement.left).add(statement.right);
    } else if (isSearch(statement)) {
      this.#searched.add(statement.left).add(statement.right);
    } else if (isCut(statement)) {
      this.#cut.add(statement.object);
    }
  }

  #chargeUse(statement: Statement, result: Value, length: number): void {
    if (this.#iterables.has(statement)) this.#count(TURN * length);
    if (this.#cut.has(statement)) this.#count(length >> FILTERED);
    if (this.#searched.has(statement)) this.#count(length >> SEARCHED);
    if (statement.type === 'CallExpression') this.#count(TURN);
    if (isSlow(statement) && typeof result.value === 'string') this.#count(length);
    const taken = this.#taken.has(statement);
    const written = this.#joined.has(statement) && typeof result.value !== 'string';
    if (!taken && !written) return;
    const size = this.#sizes.of(result);
    if (size > MAX_LETTERS) throw endless();
    this.#count(size >> FILTERED);
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw endless();
  }
}

function isLoop(statement: Statement): statement is Loop {
  return statement.type === 'For';
}

function isFilter(statement: Statement): statement is Filtering {
  return statement.type === 'FilterExpression';
}

function isJoining(statement: Statement): statement is Joining {
  if (statement.type !== 'BinaryExpression') return false;
  return ['+', '~'].includes((statement as Joining).operator.value);
}

function isSearch(statement: Statement): statement is Joining {
  if (statement.type !== 'BinaryExpression') return false;
  return ['in', 'not in'].includes((statement as Joining).operator.value);
}

/** `x | title`, `x.title()`. */
function isSlow(statement: Statement): boolean {
  if (isFilter(statement)) return statement.filter.value === SLOW;
  if (statement.type !== 'CallExpression') return false;
  const { callee } = statement as Call;
  return callee.type === 'MemberExpression' && (callee as Member).property.value === SLOW;
}

function isCut(statement: Statement): statement is Member {
  return (
    statement.type === 'MemberExpression' &&
    (statement as Member).property.type === 'SliceExpression'
  );
}
