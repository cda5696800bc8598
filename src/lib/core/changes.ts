/**
 * What tabs and host tell each other over one BroadcastChannel: which things changed, never their contents.
 * Who hears of a change reads it from storage, or asks the host, and so checks it like everything read there.
 */
import { isObject } from '#core/is-object';

/** The channel's name. */
export const CHANGES = 'paddock-changes';

export type Change =
  /** Made, changed or removed. */
  | { type: 'conversations' | 'benches'; ids: string[] }
  /** Written or removed; `conversation` is the id of its conversation. */
  | { type: 'message'; conversation: string; id: string }
  /** Several of one conversation at once. */
  | { type: 'messages'; conversation: string }
  | { type: 'setting'; key: string }
  /** Texts that `/` brings. */
  | { type: 'prompts' }
  /** Cast or deleted. */
  | { type: 'votes' }
  /** Made, renamed or removed. */
  | { type: 'folders' }
  /** Said by the host: models came or went, or were loaded or unloaded. */
  | { type: 'models'; which: 'installed' | 'running' }
  /** Said by the host: a download came or went, or its state changed. */
  | { type: 'pulls' }
  /** To the tab that writes this reply: a person asks it to stop. */
  | { type: 'stop'; message: string };

/** The change that another tab, perhaps of another build, told; null when it is not one of these. */
export function parseChange(value: unknown): Change | null {
  if (!isObject(value)) return null;
  const { type, ids, conversation, id, key, which, message } = value;
  switch (type) {
    case 'conversations':
    case 'benches': {
      const all = Array.isArray(ids) && ids.every((one) => typeof one === 'string');
      return all ? { type, ids } : null;
    }
    case 'message':
      if (typeof conversation !== 'string' || typeof id !== 'string') return null;
      return { type, conversation, id };
    case 'messages':
      return typeof conversation === 'string' ? { type, conversation } : null;
    case 'setting':
      return typeof key === 'string' ? { type, key } : null;
    case 'models':
      return which === 'installed' || which === 'running' ? { type, which } : null;
    case 'pulls':
    case 'prompts':
    case 'votes':
    case 'folders':
      return { type };
    case 'stop':
      return typeof message === 'string' ? { type, message } : null;
    default:
      return null;
  }
}
