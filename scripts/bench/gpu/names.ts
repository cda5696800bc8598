/** Tiny: WebLLM's tiny model, and a GGUF of its shape; else the model that the page's server has. */
export const CONTESTANTS = ['Paddock', 'wllama', 'Paddock, tiny', 'WebLLM, tiny'] as const;
export type Contestant = (typeof CONTESTANTS)[number];
