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
