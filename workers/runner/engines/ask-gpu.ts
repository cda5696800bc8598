/** What any engine asks of the browser's graphics, which may refuse, or never answer. */
import { askAdapter } from '#core/ask-adapter';
import { PaddockError, type ErrorDetail } from '#core/errors';
import { within } from '#core/within';

/** Milliseconds for an adapter, and again for its device: longer than a graphics process takes to start anew. */
const PATIENCE = 30_000;

/** @throws PaddockError `no_gpu` (detail: missing, silent?) */
export async function anyAdapter(): Promise<GPUAdapter> {
  const asked = await askAdapter(PATIENCE);
  if (!asked.adapter) throw noGpu('adapter', asked.missing === 'refused' ? { silent: true } : {});
  return asked.adapter;
}

/** @throws PaddockError `no_gpu` (detail: silent) */
export function answered<T>(asked: Promise<T>): Promise<T> {
  return within(PATIENCE, asked, () => {
    throw noGpu('adapter', { silent: true });
  });
}

/** A device that was asked for; one that comes after all, too late, is taken away. @throws as `answered` */
export function answeredDevice(opening: Promise<GPUDevice>): Promise<GPUDevice> {
  return answered(opening).catch((error: unknown) => {
    opening.then(
      (late) => late.destroy(),
      () => {}, // it is `error`
    );
    throw error;
  });
}

export function noGpu(missing: string, more: ErrorDetail = {}): PaddockError {
  const detail = { missing, ...more };
  return new PaddockError('no_gpu', `The graphics adapter lacks: ${missing}.`, detail);
}

/** @param outOfMemory an allocation had failed before: the loss is due to it */
export function lossOf(reason: string, outOfMemory: boolean): PaddockError {
  return outOfMemory
    ? noMemoryLeft(reason)
    : new PaddockError('device_lost', `The graphics device was lost: ${reason}`);
}

export function noMemoryLeft(reason = ''): PaddockError {
  const message = `The graphics adapter has no memory left. ${reason}`.trim();
  return new PaddockError('out_of_memory', message);
}
