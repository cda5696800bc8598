import type { Answers } from './answers.svelte';
import type { ChatWrites } from './chat-writes';
import type { Turn, TurnRecord } from './turn.svelte';
import type { Turns } from './turns.svelte';

/** Who answers: a model, and whether its engine keeps to the processor. */
export interface Side {
  model: string;
  cpu: true | undefined;
}

type Sides = [Side, Side];

/** What two replies of a pair have in common. */
type Marks = Pick<TurnRecord, 'pair' | 'blind'>;

/** What pairs are made with. */
interface Made {
  readonly turns: Turns;
  readonly answers: Answers;
  readonly writes: ChatWrites;
  /** A new reply behind a message. */
  add(parentId: string | null, marks: Marks): Turn;
}

/** How one question is answered twice: two versions of a reply that stand side by side, one of them chosen. */
export class Pairs {
  #made: Made;

  constructor(made: Made) {
    this.#made = made;
  }

  /** Both sides of the pair, the first first; undefined: the reply stands alone. */
  of({ id, pair }: Turn): readonly Turn[] | undefined {
    if (pair === undefined) return undefined;
    const both = this.#made.turns.versions(id).filter((turn) => turn.pair === pair);
    return both.length === 2 ? both : undefined;
  }

  /** A branch with the other sides of its pairs. */
  with(branch: readonly Turn[]): Turn[] {
    return branch.flatMap((turn) => this.of(turn) ?? turn);
  }

  /** Two replies begin; the first is chosen until somebody chooses the other. */
  begin(parentId: string | null, sides: Sides, blind: true | undefined) {
    const { turns, answers, add } = this.#made;
    if (blind && Math.random() < 0.5) sides.reverse();
    const marks = { pair: crypto.randomUUID(), ...(blind && { blind }) };
    const [first, second] = [add(parentId, marks), add(parentId, marks)];
    if (turns.leaf === second.id) turns.show(first.id);
    answers.begin(first, sides[0].model, sides[0].cpu);
    answers.begin(second, sides[1].model, sides[1].cpu, true);
  }

  /** Asks both models once more, for another pair beside this one. */
  again(turn: Turn, blind: true | undefined) {
    const sides = this.of(turn)?.map(({ model, cpu }) => ({ model: model ?? '', cpu }));
    if (!sides || sides.some(({ model }) => model === '')) return;
    this.#made.answers.stop();
    this.begin(turn.parentId, sides as Sides, blind);
  }

  /**
   * Goes on with one side where it ends; one that has no text begins anew. The other side is left alone. `cpu`: its
   * engine keeps to the processor from now on.
   */
  resume(turn: Turn, cpu = turn.cpu) {
    const { answers } = this.#made;
    if (turn.model === undefined || turn.state === 'streaming') return;
    const beside = this.of(turn)?.some(({ id }) => answers.has(id)) ?? false;
    if (answers.current && !beside) return;
    answers.begin(turn, turn.model, cpu, beside);
  }

  /** Model and figures are hidden no more. */
  unveil(turn: Turn) {
    for (const side of this.of(turn) ?? [turn]) {
      side.blind = undefined;
      void this.#made.writes.put(side);
    }
  }
}
