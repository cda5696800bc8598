/** Only in `--mode test`: what tests and benchmarks reach from outside; `scripts/check-release.ts` looks for the name. */
import { ollama } from '$lib/client/ollama';

export function exposeTestHooks(): void {
  Object.assign(globalThis, { __paddockTest: { ollama } });
}
