/** Milliseconds between two looks: a closed tab's reply ends within two seconds, one look and the way to the engine. */
const LOOK_MS = 1000;

/** What is needed of the service worker's `clients`. */
interface Clients {
  get(id: string): Promise<unknown>;
}

/**
 * Calls `onGone` when the page or worker with this id is closed. Browsers that cancel its streams then are faster;
 * not all do. The function that is given back ends the looking.
 */
export function whenGone(clients: Clients, clientId: string, onGone: () => void): () => void {
  const timer = setInterval(() => {
    void clients.get(clientId).then((client) => {
      if (!client) onGone();
    });
  }, LOOK_MS);
  return () => clearInterval(timer);
}
