/** The worker that runs a model's JavaScript: `tests/unit/tools/sandbox-run.test.ts` has what programs try inside. */
import { expect, it } from 'vitest';
import { runJavaScript } from '../../src/lib/client/sandbox';

const run = (code: string, signal = new AbortController().signal) => runJavaScript(code, signal);

it('runs a program, and keeps nothing for the next one', async () => {
  expect(await run('globalThis.kept = 1; console.log("a"); 6 * 7')).toBe('a\n42');
  expect(await run('typeof kept')).toBe('undefined');
});

it('what a program does wrong is told', async () => {
  await expect(run('null.x')).rejects.toThrow(/TypeError/);
});

it('nothing of the worker can be reached from inside', async () => {
  const names = [
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'importScripts',
    'self',
    'indexedDB',
    'caches',
  ];
  const found = `[${names.map((name) => `typeof ${name}`).join()}].filter((t) => t !== "undefined").length`;
  expect(await run(found)).toBe('0');
  expect(await run('Function("return typeof self")()')).toBe('undefined');
  await expect(run(`await import("${location.origin}/")`)).rejects.toThrow();
});

it('a program that never ends is ended by a stop', async () => {
  const stop = new AbortController();
  const result = run('for (;;) {}', stop.signal);
  setTimeout(() => stop.abort());
  await expect(result).rejects.toMatchObject({ code: 'aborted' });
  expect(await run('1')).toBe('1');
});

it('a program that never ends is ended by itself', async () => {
  await expect(run('console.log("so far"); for (;;) {}')).rejects.toThrow(
    /^so far\nIt took longer than 5 s/,
  );
});
