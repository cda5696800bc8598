import { serve } from '#core/callee';
import type { RunnerMethods } from '#core/methods';
import { holdLock } from '#store/hold-lock';
import { OpfsStore } from '#store/opfs';
import { engineFor } from './engines/table';
import { runnerHandlers } from './service';

serve<RunnerMethods>(
  self,
  runnerHandlers({
    store: new OpfsStore(),
    engineFor,
    onDeath: () => self.close(), // the lock falls with the worker, and the host answers what is open
    holdLock,
  }),
);
