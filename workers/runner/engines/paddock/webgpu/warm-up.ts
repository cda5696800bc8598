/** A first pass of each program: drivers finish some shaders only when they first run, and its time sets the pace. */
import type { Decoder } from '../decoder';

/** @throws PaddockError `aborted`, `device_lost`, `engine_failed` */
export async function warmUp(decoder: Decoder, signal: AbortSignal): Promise<void> {
  await decoder.evaluate([0, 0], 0, signal);
  await decoder.evaluate([0], 2, signal);
  await decoder.logits(0);
}
