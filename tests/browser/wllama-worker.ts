/** The runner with llama.cpp alone, as it is where nobody asked for it by its name. */
import { serve } from '#core/callee';
import type { Digest } from '#core/digest';
import type { Port } from '#core/protocol';
import type { TestRunnerMethods } from '../fixtures/runner-worker';
import { wllamaEngine } from '../../workers/runner/engines/wllama/engine';
import { runnerHandlers } from '../../workers/runner/service';

const blobs = new Map<Digest, Blob>();

serve<TestRunnerMethods>(self as unknown as Port, {
  ...runnerHandlers({
    store: { open: async (digest) => blobs.get(digest)! },
    engineFor: async () => wllamaEngine,
    onDeath: () => self.close(),
    holdLock: async () => {},
  }),
  async put({ digest, blob }) {
    blobs.set(digest, blob);
  },
});
