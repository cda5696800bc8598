/** The puller: one per transfer. Owns the unfinished blob until it is committed. */
import { serve } from '#core/callee';
import type { PullerMethods } from '#core/methods';
import { OpfsStore } from '#store/opfs';
import { browserEstimate } from '#store/storage-error';
import { realClock } from './clock';
import { transfer } from './transfer';

const tools = {
  store: new OpfsStore(),
  fetch: fetch.bind(self),
  clock: realClock,
  estimate: browserEstimate,
};

serve<PullerMethods>(self, {
  transfer: (params, context) => transfer(params, context, tools),
});
