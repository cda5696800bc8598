/** Tokens of context when nobody asks for a number: Ollama's default below 23 GiB of memory. */
export const AUTO_CONTEXT = 4096;
