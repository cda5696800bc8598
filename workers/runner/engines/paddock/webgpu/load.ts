/** Fills a model's buffers on the adapter, out of its file: no more than a slice of it is ever in the worker. */
import type { GgufHeader } from '#core/gguf';
import type { LoadClock } from '../../load-clock';
import { throwIfAborted } from '../../../abort';
import { turn, TURN } from '../generate/turn';
import type { WeightsReader } from '../load/reader';
import { damagedValues } from '../spec/faults';
import type { GpuDevice } from './device';
import { uploadVectors } from './load-vectors';
import { matricesOf } from './plan';
import { uploadRope } from './rope-table';
import { SliceCutter } from './slice-cutter';
import { slicesOf, type Slice } from './slices';
import { Uploader } from './upload';
import type { GpuWeights, LoadedPart } from './weights';

export interface GpuLoad {
  weights: GpuWeights;
  device: GpuDevice;
  reader: WeightsReader;
  header: GgufHeader;
  signal: AbortSignal;
  /** Told what the time goes to: reading, and what comes after it. */
  clock?: LoadClock;
  /** Bytes of the file that are uploaded, and those that there are. */
  onProgress(bytes: number, total: number): void;
}

/**
 * The matrices, the vectors and the table of angles. When it throws, the device is closed.
 * @throws PaddockError `aborted`, `model_unreadable`, `device_lost`, `out_of_memory`, `engine_failed`
 */
export async function loadGpu(load: GpuLoad): Promise<void> {
  try {
    const uploader = new Uploader(load.device);
    const breathe = breather(load, uploader);
    await uploadVectors(load, uploader);
    await uploadMatrices(load, uploader, breathe);
    await uploadRope(load.weights, uploader, breathe);
    await uploader.end();
    throwIfAborted(load.signal);
  } catch (error) {
    load.device.close();
    throw error;
  }
}

async function uploadMatrices(
  { weights, reader, header, clock, onProgress }: GpuLoad,
  uploader: Uploader,
  breathe: () => Promise<boolean>,
): Promise<void> {
  const work = matricesOf(weights.plan).flatMap((matrix) =>
    slicesOf(matrix, header.dataOffset).map((slice) => ({
      slice,
      part: weights.parts(matrix)[slice.part]!,
    })),
  );
  const total = work.reduce((sum, { slice }) => sum + slice.length, 0);
  const cutter = new SliceCutter(work.map(({ slice }) => slice));
  let done = 0;
  onProgress(done, total);
  for (const { slice, part } of work) {
    clock?.turn('read');
    cutter.read(slice, reader);
    clock?.turn('upload');
    if (!cutter.cut(slice)) throw damagedValues(slice.name);
    send(cutter, slice, part, uploader);
    done += slice.length;
    if (await breathe()) onProgress(done, total);
  }
  onProgress(total, total);
}

function send(
  cutter: SliceCutter,
  slice: Slice,
  { codes, scales }: LoadedPart,
  uploader: Uploader,
): void {
  const { codesAt, scalesAt } = cutter.places(slice);
  uploader.write(codes.buffer, codesAt, cutter.codes);
  if (scales) uploader.write(scales.buffer, scales.offset! + scalesAt, cutter.scales);
}

/** Gives the event loop its turns; true when it had one. */
function breather({ signal }: GpuLoad, uploader: Uploader): () => Promise<boolean> {
  let turned = performance.now();
  return async () => {
    throwIfAborted(signal);
    await uploader.breathe();
    if (performance.now() - turned < TURN) return false;
    await turn();
    turned = performance.now();
    return true;
  };
}
