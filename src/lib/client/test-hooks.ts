/** Only in `--mode test`: what tests and benchmarks reach from outside; `scripts/check-release.ts` looks for the name. */
import { openOllama } from '$lib/client/ollama';

export async function exposeTestHooks(): Promise<void> {
  Object.assign(globalThis, { __paddockTest: { ollama: await openOllama() } });
}
