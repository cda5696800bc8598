/** What this browser gives a model, as the host measured it. */
import type { DeviceLimits } from '#core/paddock-api';
import { getJson } from '$lib/client/ask-host';

/** @throws PaddockError */
export function deviceLimits(): Promise<DeviceLimits> {
  return getJson<DeviceLimits>('api/paddock/limits');
}
