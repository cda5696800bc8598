/** Ways to write a call that are no JSON, or not JSON alone. */
import type { Tool, ToolCall } from '#core/engine';

/** Where a call ends that comes in pieces; `JsonSpan` is one. */
export interface CallSpan {
  /** Letters that were read; where it is no call, up to the one that cannot be. */
  readonly length: number;
  /** As `JsonSpan.read`. */
  read(text: string): 'whole' | 'more' | 'none';
}

export interface CallForm {
  /** What each call begins with. */
  begin: string;
  span(): CallSpan;
  /** The calls of a whole span; undefined where one is none, or of a tool that there is not. */
  read(text: string, tools: readonly Tool[]): ToolCall[] | undefined;
}

/** Whether text may become a call of that form, told from its beginning. */
export function mayBegin({ begin }: CallForm, text: string): 'yes' | 'no' | 'more' {
  if (text.startsWith(begin)) return 'yes';
  return begin.startsWith(text) ? 'more' : 'no';
}
