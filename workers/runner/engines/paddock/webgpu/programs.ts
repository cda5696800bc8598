/** Lists of dispatches, each with all that it is bound to: made once, then only encoded. */
import type { Compiled } from './pipelines';

/** What a pass is run for. */
export interface Run {
  /** Of the first token. */
  position: number;
  tokens: number;
}

export type Workgroups = readonly [x: number, y?: number];

export interface Dispatch {
  /** The kernel's. */
  label: string;
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  workgroups: Workgroups | ((run: Run) => Workgroups);
  /** Multiplications of one token behind `position` others; 0: not worth counting. */
  work(position: number): number;
}

export type Program = readonly Dispatch[];

/** Buffers by the names that the kernels have for them. */
export type Named = Readonly<Record<string, GPUBufferBinding | undefined>>;

/** @throws RangeError where `named` lacks a binding of the kernel's */
export function dispatch(
  device: GPUDevice,
  { kernel, pipeline, layout }: Compiled,
  named: Named,
  workgroups: Dispatch['workgroups'],
  work: Dispatch['work'] = () => 0,
): Dispatch {
  const entries = kernel.bindings.map(({ name }, binding) => {
    const resource = named[name];
    if (!resource) throw new RangeError(`"${kernel.label}" binds "${name}", which is not there`);
    return { binding, resource };
  });
  const group = device.createBindGroup({ label: kernel.label, layout, entries });
  return { label: kernel.label, pipeline, group, workgroups, work };
}

/** How often each dispatch runs for a token and for a chunk of 64, as text. */
export function dispatchTexts(program: Program): string[] {
  const runs: Run[] = [
    { position: 0, tokens: 1 },
    { position: 0, tokens: 64 },
  ];
  return program.map(({ pipeline, workgroups }) =>
    JSON.stringify([
      pipeline.label,
      typeof workgroups === 'function' ? runs.map(workgroups) : workgroups,
    ]),
  );
}

/** Encodes the dispatches of `program` from `from` to `to`. */
export function encode(
  pass: GPUComputePassEncoder,
  program: Program,
  run: Run,
  from = 0,
  to = program.length,
): void {
  for (let at = from; at < to; at++) {
    const { pipeline, group, workgroups } = program[at]!;
    const [x, y] = typeof workgroups === 'function' ? workgroups(run) : workgroups;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
  }
}
