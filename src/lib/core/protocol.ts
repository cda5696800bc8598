/**
 * The messages between page, host, puller and runner: one shape for all ports.
 * A call is acknowledged at once, streams chunks that the caller pulls, and ends in `end` or `error`.
 */
import type { WireError } from '#core/errors';

/** What one method takes, streams and returns. */
export interface Method {
  params: unknown;
  chunk: unknown;
  result: unknown;
}

/** A table of methods; each port has one (`HostMethods`, `PullerMethods`, `RunnerMethods`). */
export type MethodTable<M> = { [K in keyof M]: Method };

export interface CallMessage<M extends MethodTable<M>, K extends keyof M> {
  type: 'call';
  id: number;
  method: K;
  params: M[K]['params'];
}

/** Lets the callee send `count` chunks more. */
export interface PullMessage {
  type: 'pull';
  id: number;
  count: number;
}

export interface CancelMessage {
  type: 'cancel';
  id: number;
}

export type ToCallee<M extends MethodTable<M>> =
  | { [K in keyof M]: CallMessage<M, K> }[keyof M]
  | PullMessage
  | CancelMessage;

export interface AckMessage {
  type: 'ack';
  id: number;
}

export interface ChunkMessage<C> {
  type: 'chunk';
  id: number;
  value: C;
}

export interface EndMessage<R> {
  type: 'end';
  id: number;
  result: R;
}

export interface ErrorMessage {
  type: 'error';
  id: number;
  error: WireError;
}

export type ToCaller<M extends MethodTable<M>> =
  | AckMessage
  | ChunkMessage<M[keyof M]['chunk']>
  | EndMessage<M[keyof M]['result']>
  | ErrorMessage;

/** What Worker, MessagePort and a worker's own global have in common. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** MessagePorts only. */
  start?(): void;
}
