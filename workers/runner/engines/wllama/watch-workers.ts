/**
 * wllama logs a crash of its own worker and leaves its callers waiting (3.8.1, `worker.onerror`), and gives
 * no handle on that worker: so the workers that start while it loads are watched here.
 * Returns the function that ends the watch for new workers; those found stay watched.
 */
export function watchWorkers(onDeath: (reason: string) => void): () => void {
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('error', (event) => onDeath(event.message || 'the engine crashed'));
    }
  };
  return () => {
    globalThis.Worker = Original;
  };
}
