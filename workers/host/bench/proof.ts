/** Whether the backend that an engine names did the work, by what was seen of the adapter's queue meanwhile. */
import type { BackendProof, TestResult } from '#core/bench/run';
import type { Backend } from '#core/engine';

/** Of the repetitions in which something was written; `unproven` where there are none, or nobody could count. */
export function proofOf(backend: Backend, tests: readonly TestResult[]): BackendProof {
  const counts = tests
    .filter(({ test }) => test.kind !== 'pp')
    .flatMap(({ samples }) => samples.map(({ submits }) => submits));
  const known = counts.filter((count) => count !== null);
  const fits = known.every((count) => count > 0 === (backend === 'webgpu'));
  if (!fits) return 'disproven';
  return known.length > 0 && known.length === counts.length ? 'proven' : 'unproven';
}
