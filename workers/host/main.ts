import { serve } from '#core/callee';
import type { HostMethods } from '#core/methods';
import { openHost } from './open-host';

serve<HostMethods>(
  self,
  openHost(() => self.close()),
);
