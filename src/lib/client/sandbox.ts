/** A worker for each program, which ends with it: one that hangs is ended as surely as one that ends. */
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import { HANG_MS, type SandboxMethods } from '#core/tools/sandbox';
import { ToolError } from '#core/tools/tool';
import { within } from '#core/within';

/** What a program printed and gave. @throws ToolError with what went wrong in it, PaddockError `aborted`, `internal` */
export async function runJavaScript(code: string, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL('../../../workers/sandbox/main.ts', import.meta.url), {
    type: 'module',
    name: 'paddock-sandbox',
  });
  const caller = new Caller<SandboxMethods>(worker);
  const stop = () =>
    caller.fail(new PaddockError('aborted', 'The program is not wanted any more.'));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    caller.fail(new PaddockError('internal', event.message || 'The sandbox did not load.'));
  });
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    await caller.call('prepare', undefined).result;
    const { text, failed } = await within(HANG_MS, caller.call('run', { code }).result, () => {
      throw new ToolError(`It did not end within ${HANG_MS / 1000} s and was stopped.`);
    });
    if (failed) throw new ToolError(text);
    return text;
  } finally {
    signal.removeEventListener('abort', stop);
    worker.terminate();
  }
}
