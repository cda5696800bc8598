/** Which step of `npm test` begins when: lanes that each take the next one that may begin. */
export interface Step {
  /** The npm script's name. */
  step: string;
  /** Steps of the same list that must have ended before. */
  after?: readonly string[];
}

/**
 * Runs every step, at most `lanes` at once: whenever one ends, the first in the list that waits for nothing begins.
 * Rejects with what `run` first rejects with, and begins nothing from then on; also where steps wait for one that
 * is not in the list, or for each other.
 */
export async function runInLanes(
  steps: readonly Step[],
  lanes: number,
  run: (step: string) => Promise<void>,
): Promise<void> {
  const waiting = [...steps];
  const ended = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const ready = ({ after = [] }: Step) => after.every((earlier) => ended.has(earlier));
  while (ended.size < steps.length) {
    for (let at = waiting.findIndex(ready); at >= 0 && running.size < lanes;) {
      const [{ step }] = waiting.splice(at, 1) as [Step];
      const done = run(step).then(() => {
        running.delete(step);
        ended.add(step);
      });
      running.set(step, done);
      at = waiting.findIndex(ready);
    }
    if (running.size === 0) {
      throw new Error(`These can never begin: ${waiting.map(({ step }) => step).join(', ')}.`);
    }
    await Promise.race(running.values());
  }
}
