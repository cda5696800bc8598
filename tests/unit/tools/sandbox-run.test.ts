/** Programs that try to get out, or do not end, in the interpreter that the sandbox's worker runs. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { beforeEach, expect, it } from 'vitest';
import { PRINTED_LETTERS } from '#core/tools/sandbox';
import { runProgram } from '../../../workers/sandbox/run-program';

const wasmModule = new WebAssembly.Module(
  readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
);

let quickjs: QuickJSWASMModule;

// As in the worker: each program has an interpreter of its own.
beforeEach(async () => {
  quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule }));
});

const run = (code: string) => runProgram(quickjs, code);

it.each([
  ['1 + 1', '2'],
  ['console.log("a", { b: [1, 2n] }); "c"', 'a {"b":[1,"2n"]}\nc'],
  ['const x = 6; return x * 7', '42'],
  ['const x = await Promise.resolve(5); console.log(x)', '5'],
  ['Promise.resolve({ a: 1 })', '{"a":1}'],
  ['let i = 0;', 'undefined (nothing was printed)'],
  ['const a = {}; a.a = a; a', '{"a":"[circular]"}'],
  ['const b = {}; ({ x: b, y: b })', '{"x":{},"y":{}}'],
  ['new Map([[1, new Set([2])]])', '{"Map":[[1,{"Set":[2]}]]}'],
  ['-0', '-0'],
])('%s', (code, text) => {
  expect(run(code)).toEqual({ text, failed: false });
});

it('says what is wrong in a program, and in which line', () => {
  expect(run('let a = 1;\na.b.c')).toMatchObject({ failed: true });
  expect(run('let a = 1;\na.b.c').text).toMatch(/TypeError: .* \(line 2\)/);
  expect(run('let a = ;').text).toMatch(/SyntaxError/);
  expect(run('console.log("before"); throw new Error("x")').text).toMatch(/^before\nError: x/);
  expect(run('throw 5').text).toBe('5');
});

it.each([
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts', 'Worker', 'self'],
  ...['window', 'document', 'navigator', 'location', 'indexedDB', 'caches', 'postMessage', 'close'],
  ...['setTimeout', 'process', 'require', 'module', 'WebAssembly', 'BroadcastChannel', 'std', 'os'],
  ...['print', 'Deno', 'SharedArrayBuffer$', 'crypto', 'localStorage', 'opener', 'parent'],
])('there is no %s', (name) => {
  const text = `typeof ${name} + (Object.getOwnPropertyNames(globalThis).includes("${name}") ? "!" : "")`;
  expect(run(text)).toEqual({ text: 'undefined', failed: false });
});

it.each([
  ['[].constructor.constructor("return typeof fetch + typeof self + typeof process")()'],
  ['(async () => {}).constructor("return typeof fetch + typeof self + typeof process")()'],
  ['console.log.constructor("return typeof fetch + typeof self + typeof process")()'],
  ['(0, eval)("typeof fetch + typeof self + typeof process")'],
])('constructors lead nowhere: %s', (code) => {
  expect(run(code)).toEqual({ text: 'undefinedundefinedundefined', failed: false });
});

it('imports nothing', () => {
  for (const what of [
    'https://example.com/x.js',
    'data:text/javascript,1',
    './main.ts',
    'std',
    'fs',
  ]) {
    expect(run(`await import("${what}")`)).toMatchObject({ failed: true });
    expect(run(`import x from "${what}"; x`)).toMatchObject({ failed: true });
  }
});

it.each([
  ['a loop', 'for (;;) {}'],
  ['a regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")'],
  ['promises', 'const f = () => Promise.resolve().then(f); f()'],
  ['a getter that is printed', '({ get a() { for (;;) {} } })'],
])('%s without end is stopped', (_, code) => {
  let time = 0;
  // Each look at the clock is a tenth of a second later.
  const result = runProgram(quickjs, code, () => (time += 100));
  expect(result.failed).toBe(true);
  expect(result.text).toMatch(/took longer than 5 s|promise|written/);
});

it('a promise that nothing settles is said to be', () => {
  expect(run('await new Promise(() => {})').text).toMatch(/promise that nothing settles/);
});

it.each([
  ['an array', 'const a = []; for (;;) a.push("x".repeat(1e5) + a.length)'],
  ['a string', 'let s = "x"; for (;;) s += s'],
  ['a recursion', 'const f = () => f() + 1; f()'],
  ['a nested value', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a'],
])(
  '%s that takes all memory is an error',
  (_, code) => {
    const { text, failed } = run(code);
    expect({ text, failed }).toMatchObject({ failed: true });
    expect(text).toMatch(/memory|too often|InternalError|RangeError|longer/);
  },
  30_000,
);

it('a huge output is cut, and its length is said', () => {
  const { text } = run(
    'for (let i = 0; i < 1000; i++) console.log("x".repeat(999)); "y".repeat(1e6)',
  );
  expect(text.length).toBeLessThan(2 * PRINTED_LETTERS + 200);
  expect(text).toContain(`[${1_000_000 - PRINTED_LETTERS} more characters were printed.]`);
  expect(text).toContain(`[Cut here: ${PRINTED_LETTERS} of 1000000 characters.]`);
});

it('what a program does to its own globals does not reach the writing of its result', () => {
  expect(run('JSON.stringify = () => "lie"; String = null; ({ a: 1 })').text).toBe('{"a":1}');
});
