/** Rounds of calls in a branch. */
import { expect, it } from 'vitest';
import { argumentsFault } from '#core/tools/check-arguments';
import { readCalls, sameCall } from '#core/tools/calls';
import { headOf, lastRound, pauseReason, shownTurns, type RoundTurn } from '#core/tools/round';
import { cutResult, RESULT_LETTERS, toolNamed, wireTools } from '#core/tools/tools';

/** Written as `user`, `call ID…`, `result ID STATE`, `say`. */
function branch(...lines: string[]): RoundTurn[] {
  return lines.map((line, at) => {
    const [kind, ...rest] = line.split(' ');
    const place = { id: String(at), parentId: at === 0 ? null : String(at - 1) };
    if (kind === 'user') return { ...place, role: 'user', state: 'done' };
    if (kind === 'result') {
      return { ...place, role: 'tool', state: rest[1] ?? 'done', toolCallId: rest[0] };
    }
    const calls = rest.map((id) => ({ id, name: id.slice(0, 1), arguments: {} }));
    const called = kind === 'call' ? { toolCalls: calls } : {};
    return { ...place, role: 'assistant', state: 'done', ...called };
  });
}

it('results stand with their calls, and what follows is the same reply', () => {
  const turns = branch('user', 'call a b', 'result a', 'result b', 'say', 'say', 'user');
  const shown = shownTurns(turns).map(({ turn, results, step }) => [turn.id, results.length, step]);
  expect(shown).toEqual([
    ...[
      ['0', 0, false],
      ['1', 2, true],
      ['4', 0, false],
    ],
    ...[
      ['5', 0, false],
      ['6', 0, false],
    ],
  ]);
});

it('a result whose call is not there stays a message', () => {
  expect(shownTurns(branch('user', 'result a', 'say'))).toHaveLength(3);
});

it('a round is open as long as a call has no settled result', () => {
  const open = (...lines: string[]) => lastRound(branch(...lines))?.open.map(({ id }) => id);
  expect(open('user', 'call a b')).toEqual(['a', 'b']);
  expect(open('user', 'call a b', 'result a', 'result b cut')).toEqual(['b']);
  expect(open('user', 'call a', 'result a failed')).toEqual([]);
  expect(open('user', 'call a', 'result a', 'say')).toBeUndefined();
  expect(open('user', 'say')).toBeUndefined();
  expect(open()).toBeUndefined();
});

it('a model is not asked again by itself at the limit, in a circle, and where somebody stopped', () => {
  const rounds = (names: string) =>
    branch(
      'user',
      ...[...names].flatMap((name, at) => [`call ${name}${at}`, `result ${name}${at}`]),
    );
  expect(pauseReason(rounds('ab'), 8)).toBeNull();
  expect(pauseReason(rounds('ab'), 2)).toBe('limit');
  expect(pauseReason(rounds('abc'), 2)).toBeNull();
  expect(pauseReason(rounds('abcd'), 2)).toBe('limit');
  expect(pauseReason(rounds('aa'), 8)).toBeNull();
  expect(pauseReason(rounds('baaa'), 8)).toBe('repeats');
  expect(pauseReason(branch('user', 'call a b', 'result a', 'result b stopped'), 8)).toBe(
    'stopped',
  );
  // Those before the question are another reply's.
  expect(pauseReason([...rounds('a'), ...rounds('b')], 2)).toBeNull();
});

it('the head of a reply is before its rounds, and no further', () => {
  const head = (...lines: string[]) => headOf(branch(...lines))?.id;
  expect(head('user', 'call a', 'result a', 'call b', 'result b', 'say')).toBe('1');
  expect(head('user', 'call a', 'result a')).toBe('1');
  expect(head('user', 'say', 'say')).toBe('2');
  expect(head('user', 'result a')).toBe('1');
  expect(head('user')).toBe('0');
});

it('calls get ids of their own, and odd arguments stay to be seen', () => {
  const wire = (id: string, args: unknown) => ({ id, function: { name: 'a', arguments: args } });
  const calls = readCalls([wire('x', { a: 1 }), wire('x', 'text'), { function: {} }, 5]);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
  expect(calls[1]!.arguments).toEqual({ arguments: 'text' });
  expect(readCalls([wire('x', {})], calls).slice(0, 4)).toEqual(calls);
});

it('the order of arguments makes no other call', () => {
  const call = (args: Record<string, unknown>) => ({ name: 'a', arguments: args });
  expect(sameCall(call({ a: 1, b: { c: 2, d: 3 } }), call({ b: { d: 3, c: 2 }, a: 1 }))).toBe(true);
  expect(sameCall(call({ a: [1, 2] }), call({ a: [2, 1] }))).toBe(false);
});

it('arguments are checked by the schema that the model was given', () => {
  const date = toolNamed('date')!;
  const fault = (given: Record<string, unknown>) => argumentsFault(date, given);
  expect(fault({ action: 'now', other: 1 })).toBeNull();
  expect(fault({})).toBe('"action" is missing.');
  expect(fault({ action: 'then' })).toContain('"action" must be one of "now", "add"');
  expect(fault({ action: 'add', amount: '3' })).toBe('"amount" must be a number.');
  expect(fault({ action: 'add', amount: NaN })).toBe('"amount" must be a number.');
  expect(fault(JSON.parse('{"__proto__": {"action": "now"}}') as Record<string, unknown>)).toBe(
    '"action" is missing.',
  );
});

it('a model is offered what is switched on, and nothing else', () => {
  expect(wireTools(['date', 'nowhere']).map((one) => one.function.name)).toEqual(['date']);
});

it('a long result is cut between letters, and its length is said', () => {
  const cut = cutResult('x'.repeat(RESULT_LETTERS - 1) + '😀'.repeat(5));
  expect(cut).toContain(
    `x\n[Cut here: ${RESULT_LETTERS - 1} of ${RESULT_LETTERS + 9} characters.]`,
  );
});
