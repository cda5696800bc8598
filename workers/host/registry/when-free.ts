import { isBusy } from './gc';

/** A worker that was ended gives its file back within moments. */
const TRIES = 20;
const WAIT_MS = 100;

/** Does `work` again while it fails because a file is in use. @throws what `work` throws at last */
export async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
