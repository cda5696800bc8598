/** Which kernels are quickest for this model on this device: timed once, on its own weights, and remembered. */
import { isSoftwareName } from '#core/adapter-name';
import { throwIfAborted } from '../../../../abort';
import type { Building } from '../building';
import type { GpuDevice } from '../device';
import { KernelSet } from '../kernel-set';
import { encode, type Program, type Run } from '../programs';
import type { Variants } from '../variants';
import { contestsOf, type Contest } from './contests';
import { race, type Racer, type Watch } from './race';

/** Milliseconds for all, shaders that have to be compiled too; what is under way then ends. */
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
 * What is quicker than the default by more than 5 %; what there was no time for stays. Writes to all activations and
 * the cache.
 * @throws PaddockError `aborted`, `device_lost`, `engine_failed`
 */
export async function tune(tuning: Tuning): Promise<Variants> {
  const { gpu, building, chunk, signal, watch = performance } = tuning;
  const software = isSoftwareName(gpu.adapter);
  const end = watch.now() + (software ? SOFTWARE_MS : BUDGET_MS);
  let chosen: Variants = {};
  // One chunk of a prompt takes a processor seconds in the ways that are not for it.
  const contests = contestsOf(building, chunk).filter(
    ({ ways, run }) => ways.length > 1 && !(software && run.tokens > 1),
  );
  for (const contest of contests) {
    throwIfAborted(signal);
    if (watch.now() >= end) break;
    const won = await hold(contest, tuning, end, watch);
    if (won) chosen = merged(chosen, won);
  }
  return chosen;
}

/** Undefined: the default. */
async function hold(
  { ways, dispatches, run }: Contest,
  { gpu, building }: Tuning,
  end: number,
  watch: Watch,
): Promise<Variants | undefined> {
  const { buffers } = building.weights;
  const state = Uint32Array.of(run.position, run.tokens, 0, 0);
  gpu.device.queue.writeBuffer(buffers.state, 0, state);
  // Together: browsers compile on several threads.
  const programs = ways.map(async (way) => {
    const pipelines = building.kernels.pipelines.fork();
    const kernels = new KernelSet(pipelines, building.kernels.features, way);
    const program = await dispatches({ ...building, kernels });
    // What the device does not compile gave way to the default.
    return { way, program, refused: pipelines.dropped.length > 0 };
  });
  const racers = (await gpu.until(Promise.all(programs)))
    .filter(({ refused, program }) => !refused && program.length > 0)
    .map(({ way, program }): Racer<Variants> => ({
      variant: way,
      run: (times) => dispatched(gpu, program, run, times),
    }));
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
