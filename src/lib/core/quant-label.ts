/** The quantization in a GGUF file's name, by which hubs and people tell such files apart. */

const LABEL =
  /(?:^|[-_./ ])((?:UD-)?(?:I?Q[1-8]_(?:K(?:_[SMLX]{1,3})?|[01](?:_\d)*|XXS|XS|S|M|L|NL)|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32))(?=$|[-./ ])/gi;

/** `Q4_K_M` of `model-q4_k_m.gguf`, in upper case; the last where there are several; null where there is none. */
export function quantLabel(fileName: string): string | null {
  const all = [...fileName.matchAll(LABEL)];
  return all.at(-1)?.[1]?.toUpperCase() ?? null;
}
