/** Counts the time in the calls that hold up a puller's thread, and tells it when its file is closed. */
import { emptySplit, SPLIT_CHANNEL, type Split } from './split';

type Call = (this: unknown, ...rest: unknown[]) => unknown;

const split: Split = emptySplit();
const start = performance.now();

/** Has `call` of `owner` counted as `step`, up to its return: Chromium hashes before `digest` returns. */
function watch(owner: object, call: string, step: keyof Split): void {
  const methods = owner as Record<string, Call>;
  const original = methods[call]!;
  methods[call] = function (...rest) {
    const from = performance.now();
    try {
      return original.apply(this, rest);
    } finally {
      split[step] += performance.now() - from;
    }
  };
}

// The page's type library lacks it.
const { prototype } = (
  globalThis as unknown as { FileSystemSyncAccessHandle: { prototype: object } }
).FileSystemSyncAccessHandle;
watch(prototype, 'write', 'write');
watch(prototype, 'flush', 'flush');
watch(prototype, 'read', 'read');
watch(SubtleCrypto.prototype, 'digest', 'digest');

const handle = prototype as Record<string, Call>;
const close = handle.close!;
handle.close = function () {
  const spent = split.write + split.flush + split.read + split.digest;
  split.rest = performance.now() - start - spent;
  new BroadcastChannel(SPLIT_CHANNEL).postMessage(split);
  return close.call(this);
};
