/**
 * wllama logs a crash of its own worker and leaves its callers waiting (3.8.1, `worker.onerror`), and gives
 * no handle on that worker: so the workers that start while it loads are watched here, and in a runner that measures
 * they count what they ask of the graphics adapter.
 * Returns the function that ends the watch for new workers; those found stay watched.
 */
import { countsSubmits, followSubmits, WORKER_COUNTER } from '../../gpu-submits';

export function watchWorkers(onDeath: (reason: string) => void): () => void {
  const Original = globalThis.Worker;
  const { createObjectURL } = URL;
  const counts = countsSubmits();
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (counts) followSubmits(this);
      this.addEventListener('error', (event) => onDeath(event.message || 'the engine crashed'));
    }
  };
  // A worker's script comes as a blob.
  if (counts) URL.createObjectURL = (source) => createObjectURL(withCounter(source));
  return () => {
    globalThis.Worker = Original;
    URL.createObjectURL = createObjectURL;
  };
}

type Source = Parameters<typeof URL.createObjectURL>[0];

function withCounter(source: Source): Source {
  if (!(source instanceof Blob) || source.type !== 'text/javascript') return source;
  return new Blob([WORKER_COUNTER, source], { type: source.type });
}
