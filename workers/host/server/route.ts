import type { Deps } from './deps';

/** Answers one request; `signal` aborts when nobody waits for the answer any more. */
export type Route = (request: Request, deps: Deps, signal: AbortSignal) => Promise<Response>;
