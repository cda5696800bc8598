/** Whether anything can be written by a grammar at all, and each text has an end. */
import type { Expression, Grammar } from './expression';
import { badSchema } from './faults';

/** @throws PaddockError `bad_request` where a rule is nothing but itself, or no text ever ends */
export function checkEnds({ root, rules }: Grammar): void {
  checkHeads(rules);
  const ending = endingRules(rules);
  const ends = (one: Expression) => canEnd(one, ending);
  if (!ends(root))
    throw badSchema('nothing that ends can be written by it: something is always left to add');
}

/** No rule may begin with itself before anything was written. */
function checkHeads(rules: Grammar['rules']): void {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open')
      throw badSchema('a "$ref" comes back to itself, and to nothing else');
    state.set(name, 'open');
    for (const head of heads(rules.get(name)!)) visit(head);
    state.set(name, 'done');
  };
  for (const name of rules.keys()) visit(name);
}

/** Rules that stand alone, or as one of several options. JSON's other expressions begin with a letter. */
function heads(expression: Expression): string[] {
  if (expression.kind === 'rule') return [expression.name];
  return expression.kind === 'choice' ? expression.options.flatMap(heads) : [];
}

function endingRules(rules: Grammar['rules']): ReadonlySet<string> {
  const ending = new Set<string>();
  for (let before = -1; before < ending.size;) {
    before = ending.size;
    for (const [name, expression] of rules) if (canEnd(expression, ending)) ending.add(name);
  }
  return ending;
}

function canEnd(expression: Expression, ending: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'text':
    case 'class':
      return true;
    case 'sequence':
      return expression.parts.every((part) => canEnd(part, ending));
    case 'choice':
      return expression.options.some((option) => canEnd(option, ending));
    case 'repeat':
      return expression.least === 0 || canEnd(expression.part, ending);
    case 'rule':
      return ending.has(expression.name);
  }
}
