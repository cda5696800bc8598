/** Web Locks by which tabs see whether another one still does a thing (see `#core/locks` for the names). */

/** Runs `work` while this tab holds `name`; waits for another that holds it. */
export function holding<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, work);
}

/** Takes the lock `name`, which nobody else knows yet; what it resolves with gives the lock back. */
export function hold(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(name, held).catch(reject);
  });
}

/** As `hold`, but resolves with null at once where somebody has it. */
export function holdIfFree(name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null) =>
      lock ? new Promise<void>((release) => resolve(release)) : resolve(null);
    navigator.locks.request(name, { ifAvailable: true }, held).catch(reject);
  });
}

/** Resolves when nobody holds `name`; shared, so that any number of tabs may wait. */
export async function whenFree(name: string): Promise<void> {
  try {
    await navigator.locks.request(name, { mode: 'shared' }, () => {});
  } catch {
    // Stolen in the moment in which it was ours: it had been free.
  }
}

/** The names that begin with `prefix` and are held now, by whichever tab. */
export async function heldNames(prefix: string): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = '' }) => name).filter((name) => name.startsWith(prefix));
}

/** Whether somebody, this tab included, holds `name`. */
export function isHeld(name: string): Promise<boolean> {
  const options = { mode: 'shared', ifAvailable: true } as const;
  return navigator.locks.request(name, options, (lock) => lock === null);
}
