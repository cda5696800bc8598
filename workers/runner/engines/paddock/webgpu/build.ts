/** All programs of a model on its device. */
import { moveValues, turnKeys } from '../kernels/webgpu/attention/shift';
import type { ChoosingWay } from '../kernels/webgpu/choosing/way';
import { single, type Building } from './building';
import { chunkProgram } from './chunk-program';
import { choosingProgram, embedProgram, logitsProgram } from './head-programs';
import type { Program } from './programs';
import { layerNamed, tokenProgram } from './token-program';

export interface Programs {
  /** The run's tokens into the stream. */
  embed: Program;
  /** One token through the layers. */
  token: Program;
  /** Several tokens through the layers. */
  chunk: Program;
  /** Of the stream's row that the state names. */
  logits: Program;
  /** From the stream to the next token and its embedding. */
  choosing: Record<ChoosingWay, Program>;
  /** Moves positions of the cache. */
  shift: Program;
}

/** @throws PaddockError `engine_failed` where a shader does not compile, whatever its variant */
export async function buildPrograms(building: Building): Promise<Programs> {
  const [embed, token, chunk, head, shift] = await Promise.all([
    embedProgram(building),
    tokenProgram(building),
    chunkProgram(building),
    logitsProgram(building),
    shiftProgram(building),
  ]);
  const way = (name: ChoosingWay) => choosingProgram(building, name, head, embed);
  const [greedy, drawn, penalized] = await Promise.all(
    (['greedy', 'drawn', 'penalized'] as const).map(way),
  );
  const choosing = { greedy: greedy!, drawn: drawn!, penalized: penalized! };
  return { embed, token, chunk, logits: head.program, choosing, shift };
}

async function shiftProgram(building: Building): Promise<Program> {
  const { attention } = building;
  const [keys, values] = [turnKeys(attention), moveValues(attention)];
  const layers = building.plan.layers.map((layer, at) => {
    const named = layerNamed(building, layer, at);
    return Promise.all([
      single(building, () => keys, keys.workgroups, { named }),
      single(building, () => values, values.workgroups, { named }),
    ]);
  });
  return (await Promise.all(layers)).flat();
}
