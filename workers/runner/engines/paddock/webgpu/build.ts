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
  const embedding = embedProgram(building);
  const head = logitsProgram(building);
  const way = (name: ChoosingWay) => choosingProgram(building, name, head, embedding);
  const [embed, { program: logits }, token, chunk, shift, ...choices] = await Promise.all([
    embedding,
    head,
    tokenProgram(building),
    chunkProgram(building),
    shiftProgram(building),
    way('greedy'),
    way('drawn'),
    way('penalized'),
  ]);
  const [greedy, drawn, penalized] = choices;
  return { embed, token, chunk, logits, choosing: { greedy, drawn, penalized }, shift };
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
