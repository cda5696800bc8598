/** Which kernels are quickest for this model on this device: timed once, on its own weights, and remembered. */
import { isSoftwareName } from '#core/adapter-name';
import { throwIfAborted } from '../../generate/abort';
import type { Building } from '../building';
import type { GpuDevice } from '../device';
import { KernelSet } from '../kernel-set';
import { Pipelines } from '../pipelines';
import { encode, type Program, type Run } from '../programs';
import type { Variants } from '../variants';
import { contestsOf, type Contest } from './contests';
import { race, type Racer, type Watch } from './race';

/** Milliseconds for all, shaders that have to be compiled too. */
const BUDGET_MS = 1800;
/** A processor that plays an adapter is slow anyhow, and everybody waits for it. */
const SOFTWARE_MS = 400;

export interface Tuning {
  gpu: GpuDevice;
  /** With all weights, and the kernels of nobody's choice. */
  building: Building;
  /** Tokens of a prompt that are computed at once. */
  chunk: number;
  signal: AbortSignal;
  /** Absent: the clock. */
  watch?: Watch;
}

/**
 * What is quicker than the default by more than 5 %, the kernels that take most of a token's time first; what there
 * was no time for stays. Writes to all activations and the cache.
 * @throws PaddockError `aborted`, `device_lost`, `engine_failed`
 */
export async function tune(tuning: Tuning): Promise<Variants> {
  const { gpu, building, chunk, signal, watch = performance } = tuning;
  const end = watch.now() + (isSoftwareName(gpu.adapter) ? SOFTWARE_MS : BUDGET_MS);
  let chosen: Variants = {};
  const contests = contestsOf(building, chunk).filter(({ ways }) => ways.length > 1);
  // Of its own: what loses is dropped with it.
  const pipelines = building.kernels.pipelines.fork();
  for (const [at, contest] of contests.entries()) {
    throwIfAborted(signal);
    const share = () => (end - watch.now()) / (contests.length - at);
    if (share() <= 0) break;
    const won = await hold(contest, { ...tuning, pipelines }, share, watch);
    if (won) chosen = merged(chosen, won);
  }
  return chosen;
}

/** Undefined: the default. */
async function hold(
  { ways, dispatches, run }: Contest,
  { gpu, building, pipelines }: Tuning & { pipelines: Pipelines },
  share: () => number,
  watch: Watch,
): Promise<Variants | undefined> {
  const { buffers } = building.weights;
  const state = Uint32Array.of(run.position, run.tokens, 0, 0);
  gpu.device.queue.writeBuffer(buffers.state, 0, state);
  const racers: Racer<Variants>[] = [];
  const end = watch.now() + share();
  for (const way of ways) {
    const refused = pipelines.dropped.length;
    const kernels = new KernelSet(pipelines, building.kernels.features, way);
    const program = await gpu.until(dispatches({ ...building, kernels }));
    // What the device does not compile gave way to the default.
    if (pipelines.dropped.length > refused) continue;
    racers.push({ variant: way, run: (times) => dispatched(gpu, program, run, times) });
    if (watch.now() > end) break;
  }
  if (racers.length < 2) return undefined;
  const won = await race(racers, end - watch.now(), watch);
  return won === ways[0] ? undefined : won;
}

/** The dispatches in turn, `times` of them. */
async function dispatched(
  gpu: GpuDevice,
  program: Program,
  run: Run,
  times: number,
): Promise<void> {
  const { device } = gpu;
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let done = 0; done < times; done += program.length) {
    encode(pass, program, run, 0, Math.min(program.length, times - done));
  }
  pass.end();
  device.queue.submit([encoder.finish()]);
  await gpu.until(device.queue.onSubmittedWorkDone());
}

function merged(one: Variants, other: Variants): Variants {
  return {
    ...one,
    ...other,
    ...(one.matvec && other.matvec && { matvec: { ...one.matvec, ...other.matvec } }),
    ...(one.matmul && other.matmul && { matmul: { ...one.matmul, ...other.matmul } }),
  };
}
