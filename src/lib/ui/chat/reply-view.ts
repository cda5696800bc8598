import type { Turn } from '$lib/state/turn.svelte';

/** How a message is shown: as Markdown, as the exact text, token by token. */
export type ReplyView = 'text' | 'raw' | 'tokens';

/** Whether the alternatives of its tokens are known. */
export function hasTokens({ logprobs }: Turn): boolean {
  return logprobs !== undefined && logprobs.length > 0;
}
