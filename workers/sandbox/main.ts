/** Runs one program of a model's, in an interpreter that reaches nothing of this worker; the page ends it afterwards. */
import { serve } from '#core/callee';
import type { SandboxMethods } from '#core/tools/sandbox';

serve<SandboxMethods>(self, {
  prepare: async () => void (await (await import('./interpreter')).interpreter()),
  run: async ({ code }) => {
    const { interpreter } = await import('./interpreter');
    const { runProgram } = await import('./run-program');
    return runProgram(await interpreter(), code);
  },
});
