/** What stands before and behind the layers: embeddings, logits, and the choice of the next token. */
import { choosingSteps, type ChoosingWay } from '../kernels/webgpu/choosing/way';
import { embed } from '../kernels/webgpu/embed';
import type { Building } from './building';
import { single } from './building';
import { planesOf, stackedPieces } from './pieces';
import { dispatch, type Dispatch, type Program } from './programs';

/** The run's tokens out of the history into the stream: a dispatch a part of the embedding. */
export function embedProgram(building: Building): Promise<Program> {
  const { plan, weights, kernels, buffers } = building;
  const { type, columns } = plan.embedding;
  return Promise.all(
    weights.parts(plan.embedding).map((part) => {
      const { firstRow, rows } = part;
      const write = () => embed({ type, columns, firstRow, rows, from: 'run' }, kernels.features);
      return single(building, write, ({ tokens }) => [tokens], {
        named: { ...planesOf([part]), out: buffers.stream },
      });
    }),
  );
}

export interface LogitsProgram {
  program: Program;
  /** Entries that it writes to `best`. */
  bestEntries: number;
}

/** Of the stream's row that the state names. */
export async function logitsProgram(building: Building): Promise<LogitsProgram> {
  const { device, plan, weights, kernels, buffers } = building;
  const norm = plan.spec.normEpsilon;
  const program: Dispatch[] = [];
  let bestEntries = 0;
  for (const piece of stackedPieces(weights, [plan.output], { epilogue: 'logits', norm })) {
    const compiled = await kernels.matvec({ ...piece.product, firstBest: bestEntries });
    const named = {
      ...buffers,
      ...piece.planes,
      ...{ x: buffers.stream, norm: weights.vector(plan.vectors.outputNorm), out: buffers.logits },
    };
    const work = plan.output.rows * plan.output.columns;
    program.push(dispatch(device, compiled, named, compiled.kernel.workgroups, () => work));
    bestEntries += compiled.kernel.best ?? 0;
  }
  return { program, bestEntries };
}

/** From the stream to the embedding of the token that is chosen. Its shaders do not wait for the other programs'. */
export async function choosingProgram(
  building: Building,
  way: ChoosingWay,
  head: Promise<LogitsProgram>,
  embedding: Promise<Program>,
): Promise<Program> {
  const { vocabulary } = building.plan.spec;
  // Only the likeliest is found by `best`.
  const bestEntries = way === 'greedy' ? (await head).bestEntries : 0;
  const steps = choosingSteps(way, { vocabulary, bestEntries });
  const chosen = await Promise.all(
    steps.map(({ kernel, workgroups }) => single(building, () => kernel, [workgroups])),
  );
  return [...(await head).program, ...chosen, ...(await embedding)];
}
