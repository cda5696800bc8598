/** What the page asks of the worker that runs a model's JavaScript. */

export interface SandboxMethods {
  /** Loads the interpreter, so that no limit of time counts it. */
  prepare: { params: void; chunk: never; result: void };
  run: { params: { code: string }; chunk: never; result: SandboxResult };
}

export interface SandboxResult {
  /** What was printed, then the value of the last expression or the error. */
  text: string;
  /** It ended with an error. */
  failed: boolean;
}

/** Bytes that a program may take. */
export const SANDBOX_BYTES = 64 * 2 ** 20;

/** Milliseconds, by the interpreter's own count; one that does not count is ended after `HANG_MS`. */
export const SANDBOX_MS = 5000;
export const HANG_MS = 8000;

/** Letters of what is printed, and of a value. */
export const PRINTED_LETTERS = 8000;
