/**
 * Where a puller's thread was during a pull, in milliseconds. `read`: reading back what the whole digest has not seen;
 * `digest`: of the parts; `rest`: waiting for the network and the whole digest, and moving bytes between them.
 */
export type Split = Record<'write' | 'flush' | 'read' | 'digest' | 'rest', number>;

/** On which a puller says so at its end. */
export const SPLIT_CHANNEL = 'paddock-bench-split';

export function emptySplit(): Split {
  return { write: 0, flush: 0, read: 0, digest: 0, rest: 0 };
}
