/** What of Ollama's options each engine leaves out: what no part of it takes, or what has no effect there. */

/** No engine in a browser has a second adapter, a file to map, or a second model to draft with. */
const NOBODY = ['main_gpu', 'use_mmap', 'draft_num_predict'];

/** By `EngineInfo.engine`; `tests/unit/contract/engine-options.test.ts` compares it with what each engine takes. */
const LEFT_OUT = new Map<string, readonly string[]>([
  ['paddock', [...NOBODY, 'num_batch']],
  // Its q8_0 cache does not work.
  ['wllama', [...NOBODY, 'kv_cache_type']],
  [
    'webllm',
    [
      ...NOBODY,
      ...['num_batch', 'num_thread', 'num_keep', 'kv_cache_type'],
      ...['top_k', 'min_p', 'typical_p', 'repeat_last_n'],
    ],
  ],
]);

/** Names of options that have no effect with `engine`; [] for one that is not known. */
export function leftOutBy(engine: string): readonly string[] {
  return LEFT_OUT.get(engine) ?? [];
}
