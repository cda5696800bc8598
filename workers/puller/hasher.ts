/** Hashes one blob for its puller. */
import { serve } from '#core/callee';
import type { HasherMethods } from '#core/methods';
import { LocalHash } from './whole-hash';

const hash = LocalHash.create();

serve<HasherMethods>(self, {
  load: async (state) => (await hash).load(state),
  async update(bytes, context) {
    await (await hash).update(bytes);
    await context.send(bytes, [bytes.buffer]);
  },
  save: async () => (await hash).save(),
  digest: async () => (await hash).digest(),
});
