/**
 * Takes the Web Lock `name` and keeps it until this worker ends, however it ends: whoever then gets the
 * lock knows that the worker is gone. Resolves once the lock is held; `onStolen` is called when another takes
 * it by force.
 */
export function holdLock(name: string, onStolen: () => void = () => {}): Promise<void> {
  return new Promise((resolve, reject) => {
    let held = false;
    navigator.locks
      .request(name, () => {
        held = true;
        resolve();
        return new Promise<never>(() => {});
      })
      .catch((error: unknown) => {
        if (held) onStolen();
        else reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
}

/** Takes the Web Lock `name` if it is free; resolves with what gives it back, or with null. */
export function tryLock(name: string): Promise<(() => Promise<void>) | null> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise<void>((free) => {
        resolve(async () => {
          free();
          await held; // only then may the next one have it
        });
      });
    });
    held.catch((error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
