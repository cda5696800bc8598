/** The graphics adapter that models would get, asked for with an end to the wait. */
import type { NoAdapterReason } from '#core/paddock-api';
import { within } from '#core/within';

export type Asked =
  | { adapter: GPUAdapter }
  | { adapter: null; missing: NoAdapterReason; error?: string };

/** Milliseconds: a graphics process that starts on a busy machine takes seconds, one that hangs answers never. */
const PATIENCE = 10_000;

/**
 * Each device takes an adapter of its own: WebGPU gives one device an adapter. Never throws.
 * @param patience milliseconds
 */
export async function askAdapter(patience = PATIENCE): Promise<Asked> {
  if (!isSecureContext) return { adapter: null, missing: 'insecure' };
  // WorkerNavigator has `gpu` only where the browser has WebGPU.
  const { gpu } = navigator as { gpu?: GPU };
  if (!gpu) return { adapter: null, missing: 'no_webgpu' };
  try {
    const asked = gpu.requestAdapter({ powerPreference: 'high-performance' });
    const adapter = await within(patience, asked, () => {
      throw new Error(`no answer for ${patience / 1000} s`);
    });
    return adapter ? { adapter } : { adapter: null, missing: 'no_adapter' };
  } catch (error) {
    return { adapter: null, missing: 'refused', error: whatWentWrong(error) };
  }
}

/** A foreign error in a few words, for `failed`; a `GPUError` is no `Error`. */
export function whatWentWrong(error: unknown): string {
  const { message, name } = Object(error) as Partial<Error>;
  return (message || name || String(error)).slice(0, 300);
}
