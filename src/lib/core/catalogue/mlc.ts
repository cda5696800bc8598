/**
 * The MLC models that web-llm's own list names, with the library that runs each. They are data: `mlc-models.json`,
 * written by `scripts/mlc-list.ts` from the installed package.
 */
import list from './mlc-models.json';

export interface MlcList {
  /** web-llm's name for the interface between it and its libraries: `v0_2_86/base`. */
  version: string;
  /** Before each library's path. */
  libraries: string;
  models: MlcModel[];
}

/** A repository; its variants are the same weights, loaded for another context or batch. */
export interface MlcModel {
  /** `user/repo` at the hub. */
  repository: string;
  /** `q4f16_1`: bits of the weights, and the type that is calculated in. */
  quantization: string;
  /** Needs `shader-f16`. */
  f16: boolean;
  type: 'chat' | 'embedding' | 'vision';
  tools: boolean;
  variants: MlcVariant[];
}

export interface MlcVariant {
  /** web-llm's name for it. */
  id: string;
  /** Its address, behind `libraries`. */
  library: string;
  /** Tokens; null: the model's own. */
  context: number | null;
  /** Bytes of graphics memory. */
  memory: number;
  /** Small devices can run it. */
  lowResource: boolean;
  /** Bytes: the `maxStorageBufferBindingSize` that it needs. */
  buffer?: number;
  /** Of `mlc-chat-config.json`. */
  overrides?: Record<string, unknown>;
}

export const MLC = list as MlcList;

let byRepository: Map<string, MlcModel> | undefined;

/** By `user/repo`, in any case of its letters; undefined: web-llm does not list it. */
export function mlcModel(repository: string): MlcModel | undefined {
  byRepository ??= new Map(MLC.models.map((model) => [model.repository.toLowerCase(), model]));
  return byRepository.get(repository.toLowerCase());
}

export function libraryUrl({ library }: MlcVariant): string {
  return MLC.libraries + library;
}

/**
 * The one that a pull takes: for the largest context, as loads may always ask for less, and of those the one with the
 * least memory: embedding models have one for a batch of 32 texts and one for 4, and texts go one by one here.
 */
export function chosenLibrary({ variants }: MlcModel): string {
  const reach = ({ context }: MlcVariant) => context ?? Infinity;
  const sorted = [...variants].sort(
    (a, b) => Number(reach(b) > reach(a)) - Number(reach(a) > reach(b)) || a.memory - b.memory,
  );
  return libraryUrl(sorted[0]!);
}
