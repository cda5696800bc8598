import { newCallId } from '#core/call-id';
import { isObject } from '#core/is-object';

export interface Call {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

/** The calls of a reply's message, each with an id that no other of the reply has; `known`: those before. */
export function readCalls(given: readonly unknown[], known: readonly Call[] = []): Call[] {
  const calls = [...known];
  for (const one of given) {
    const called = isObject(one) && isObject(one.function) ? one.function : {};
    const own = isObject(one) && typeof one.id === 'string' ? one.id : '';
    const taken = own === '' || calls.some(({ id }) => id === own);
    const name = typeof called.name === 'string' ? called.name : '';
    // What is no object is kept to be seen; the check of the arguments tells the model.
    const args = isObject(called.arguments) ? called.arguments : { arguments: called.arguments };
    calls.push({ id: taken ? newCallId() : own, name, arguments: args });
  }
  return calls;
}

/** Whether two calls ask for the same, in whatever order their arguments stand. */
export function sameCall(a: Omit<Call, 'id'>, b: Omit<Call, 'id'>): boolean {
  return a.name === b.name && canonical(a.arguments) === canonical(b.arguments);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    isObject(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
