import { isAbort, toWire } from '#core/errors';
import { argumentsFault } from '#core/tools/check-arguments';
import type { Call } from '#core/tools/calls';
import { ToolError, type ToolDefinition } from '#core/tools/tool';
import { cutResult } from '#core/tools/tools';
import { within } from '#core/within';
import type { MessageState } from '$lib/storage/records';

/** What a call came to; `content` is what the model reads. */
export interface Outcome {
  content: string;
  state: MessageState;
  /** Milliseconds that the tool ran; absent where it did not. */
  toolMs?: number;
}

type Arguments = Record<string, unknown>;
type Run = (given: Arguments, signal: AbortSignal) => Promise<string>;

/** Their arguments have been checked. */
const RUNS: Record<string, Run> = {
  calculator: async ({ expression }) => {
    const { calculate, formatNumber } = await import('#core/tools/calculator');
    return formatNumber(calculate(expression as string));
  },
  date: async (given) => {
    const { answerDate } = await import('#core/tools/date');
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    return answerDate({ ...given, action: given.action as string }, Date.now(), timeZone);
  },
  javascript: async ({ code }, signal) => {
    const { runJavaScript } = await import('$lib/client/sandbox');
    return runJavaScript(code as string, signal);
  },
};

/** Why a call cannot be run at all; null: it can. */
export function callFault({ name, arguments: given }: Call, tool: ToolDefinition | undefined) {
  if (!tool) return `There is no tool "${name}" here. Answer without it.`;
  const fault = argumentsFault(tool, given);
  return fault && `The call is faulty: ${fault}`;
}

/** Never rejects; `signal` stops it. One that takes too long is stopped, and said to be. */
export async function runTool(
  tool: ToolDefinition,
  given: Arguments,
  signal: AbortSignal,
): Promise<Outcome> {
  const ended = new AbortController();
  const begun = performance.now();
  const outcome = (content: string, state: MessageState): Outcome => ({
    content,
    state,
    toolMs: Math.round(performance.now() - begun),
  });
  const stop = () => ended.abort();
  signal.addEventListener('abort', stop);
  try {
    const stopped = new Promise<never>((_, reject) => {
      ended.signal.addEventListener('abort', () => reject(new ToolError(STOPPED)));
    });
    const result = Promise.race([RUNS[tool.name]!(given, ended.signal), stopped]);
    const content = await within(tool.limitMs, result, () => {
      throw new ToolError(`It gave no result within ${tool.limitMs / 1000} s and was stopped.`);
    });
    return outcome(cutResult(content), 'done');
  } catch (error) {
    if (signal.aborted || isAbort(error)) return outcome(STOPPED, 'stopped');
    const message = error instanceof ToolError ? error.message : toWire(error).message;
    return outcome(cutResult(message), 'failed');
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

export const STOPPED = 'The person stopped this call.';
