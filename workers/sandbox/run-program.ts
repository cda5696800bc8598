import type {
  QuickJSContext,
  QuickJSHandle,
  QuickJSRuntime,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { SANDBOX_BYTES, SANDBOX_MS, type SandboxResult } from '#core/tools/sandbox';
import { PRELUDE } from './prelude';
import { cutValue, Printed } from './printed';

/** Bytes: below what the interpreter's own stack has, so that a recursion without end is an error and no crash. */
const STACK_BYTES = 128 * 1024;

const LATE = `It took longer than ${SANDBOX_MS / 1000} s and was stopped.`;

/** Tasks of promises, which the count of time does not end by itself. */
const MOST_TASKS = 1_000_000;

/** Never throws, whatever a program does. An interpreter is good for one program. */
export function runProgram(
  quickjs: QuickJSWASMModule,
  code: string,
  now = Date.now,
): SandboxResult {
  const runtime = quickjs.newRuntime();
  const deadline = now() + SANDBOX_MS;
  let late = false;
  runtime.setMemoryLimit(SANDBOX_BYTES);
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => (late = now() > deadline));
  const context = runtime.newContext();
  const program = new Program(runtime, context, () => late);
  try {
    return program.run(code);
  } catch (error) {
    // The interpreter's own frames may need more of the worker's stack than it counts.
    if (error instanceof RangeError)
      return program.ended('It calls itself too often, or nests too deep.');
    const why = error instanceof Error ? error.message : String(error);
    return program.ended(`The interpreter ended: ${why}`);
  }
}

class Program {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #late: () => boolean;
  readonly #printed = new Printed();
  readonly #write: QuickJSHandle;

  constructor(runtime: QuickJSRuntime, context: QuickJSContext, late: () => boolean) {
    this.#runtime = runtime;
    this.#context = context;
    this.#late = late;
    const print = context.newFunction('print', (text) =>
      this.#printed.line(context.getString(text)),
    );
    const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js'));
    this.#write = context.unwrapResult(context.callFunction(prelude, context.undefined, print));
  }

  run(code: string): SandboxResult {
    const result = this.#context.evalCode(this.#runnable(code), 'program.js');
    if (result.error) return this.#failed(result.error);
    return this.#settled(result.value);
  }

  /** Models end a program with `return`, or wait at its top: such a program is the body of a function. */
  #runnable(code: string): string {
    const faulty = (text: string) => {
      const result = this.#context.evalCode(text, 'program.js', { compileOnly: true });
      (result.error ?? result.value).dispose();
      return result.error !== undefined;
    };
    const body = `(async () => {\n${code}\n})()`;
    return faulty(code) && !faulty(body) ? body : code;
  }

  #settled(value: QuickJSHandle): SandboxResult {
    let tasks = 0;
    while (this.#runtime.hasPendingJob() && tasks++ < MOST_TASKS) {
      const done = this.#runtime.executePendingJobs(1);
      if (done.error) return this.#failed(done.error);
      if (this.#late()) break;
    }
    if (this.#late()) return this.ended(LATE);
    const state = this.#context.getPromiseState(value);
    if (state.type === 'rejected') return this.#failed(state.error);
    if (state.type === 'fulfilled') return this.#done(state.value);
    return this.ended(
      'It waits for a promise that nothing settles: there are no timers and no network here.',
    );
  }

  #done(value: QuickJSHandle): SandboxResult {
    const printed = this.#printed.text;
    const nothing = this.#context.typeof(value) === 'undefined';
    const written = nothing ? '' : this.#written(value);
    if (written === null) return this.#unwritten();
    const text = [printed, written].filter((part) => part !== '').join('\n');
    return { text: text || 'undefined (nothing was printed)', failed: false };
  }

  #failed(error: QuickJSHandle): SandboxResult {
    const written = this.#late() ? null : this.#written(error);
    if (written === null) return this.#unwritten();
    const where = /program\.js:(\d+)/.exec(this.#stack(error))?.[1];
    return this.ended(`${written}${where ? ` (line ${where})` : ''}`);
  }

  ended(why: string): SandboxResult {
    return {
      text: [this.#printed.text, why].filter((part) => part !== '').join('\n'),
      failed: true,
    };
  }

  /** Null where it takes too long, or too much memory. */
  #written(value: QuickJSHandle): string | null {
    const result = this.#context.callFunction(this.#write, this.#context.undefined, value);
    return result.error ? null : cutValue(this.#context.getString(result.value));
  }

  #unwritten(): SandboxResult {
    return this.ended(
      this.#late() ? LATE : 'It ran out of memory, or its value cannot be written.',
    );
  }

  #stack(error: QuickJSHandle): string {
    if (this.#context.typeof(error) !== 'object') return '';
    const stack = this.#context.getProp(error, 'stack');
    return this.#context.typeof(stack) === 'string' ? this.#context.getString(stack) : '';
  }
}
