/** Checks replies beside the page, which ends this worker where a schema's pattern takes too long. */
import { serve } from '#core/callee';
import type { JsonCheckMethods } from '#core/json-check';

serve<JsonCheckMethods>(self, {
  check: async ({ text, format }) => {
    const { checkJson } = await import('./check');
    return checkJson(text, format);
  },
});
