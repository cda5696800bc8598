import { serve } from '#core/callee';
import type { RunnerMethods } from '#core/methods';
import { holdLock } from '#store/hold-lock';
import { openStore } from '#store/open-store';
import { engineFor } from './engines/table';
import { runnerHandlers } from './service';

const store = openStore();
store.catch(() => {}); // whoever calls is told

serve<RunnerMethods>(
  self,
  runnerHandlers({
    store,
    engineFor,
    onDeath: () => self.close(), // the lock falls with the worker, and the host answers what is open
    holdLock,
  }),
);
