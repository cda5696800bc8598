/** How much of a model's layers has arrived, summed; each is reported by itself. Bytes. */
export class LayerSums {
  #layers = new Map<string, { completed: number; total: number }>();

  set(digest: string, completed: number, total: number) {
    this.#layers.set(digest, { completed, total });
  }

  get completed(): number {
    return this.#sum('completed');
  }

  /** Of the layers that were reported; the largest comes first. */
  get total(): number {
    return this.#sum('total');
  }

  #sum(key: 'completed' | 'total'): number {
    let sum = 0;
    for (const layer of this.#layers.values()) sum += layer[key];
    return sum;
  }
}
