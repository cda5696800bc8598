/**
 * Takes the Web Lock `name` and keeps it until this worker ends, however it ends: whoever then gets the
 * lock knows that the worker is gone. Resolves once the lock is held.
 */
export function holdLock(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => {
        resolve();
        return new Promise<never>(() => {});
      })
      .catch(reject);
  });
}
