/**
 * Whether a software adapter is worth running a model on: a product of a matrix and a vector, which is what a model's
 * token is made of, on the adapter and on this device's processor.
 */
import { within } from '#core/within';
import { adapterRate } from './adapter-rate';
import { cpuRate } from './cpu-rate';

/** Milliseconds for all of it, whatever hangs. */
export const TIME = 2000;
/** So many times the processor's rate is clearly faster; what is nearly even loses by its load time. */
const CLEARLY = 1.5;

/** Both give multiplications a second; a test has its own. */
export interface Contestants {
  /** One thread's; blocks for a tenth of a second. */
  cpu(): number;
  adapter(): Promise<number>;
}

/**
 * True where the adapter is clearly faster than so many threads together: it has all cores too. SwiftShader on two
 * cores makes 0.2 thousand million a second, one thread 5.7.
 * @throws when the adapter fails, or has not ended after two seconds
 */
export async function adapterWins(
  threads: number,
  { cpu, adapter }: Contestants = { cpu: cpuRate, adapter: adapterRate },
): Promise<boolean> {
  const started = performance.now();
  const threshold = cpu() * threads * CLEARLY;
  const left = TIME - (performance.now() - started);
  const rate = await within(left, adapter(), () => {
    throw new Error(`it had not ended after ${TIME / 1000} s`);
  });
  return rate > threshold;
}
