/** Tokens chosen on the adapter are those that the sampler chooses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { next } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/next';
import { NONE } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/rank';
import { KernelBench } from '../fixtures/webgpu-kernel';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.open();
});
afterAll(() => bench.close());

const CONTEXT = 20;

/** A run of `tokens` at `position`, chosen after. */
function standAt(position: number, tokens: number, step = 0): void {
  bench.write('state', Uint32Array.of(position, tokens, tokens - 1, step));
  bench.write('history', new Uint32Array(CONTEXT + 64).fill(7));
}

async function stateAndHistory() {
  const state = [...new Uint32Array(await bench.read('state'))];
  return { state, history: [...new Uint32Array(await bench.read('history'))] };
}

describe('the greedy choice', () => {
  const kernels = new Map([1, 5, 3000].map((entries) => [entries, next(entries)]));

  async function chosen(entries: [logit: number, token: number][]): Promise<number> {
    const logits = Float32Array.from(entries, ([logit]) => logit);
    const bits = new Uint32Array(logits.buffer);
    bench.write('best', Uint32Array.from(entries.flatMap(([, token], at) => [bits[at]!, token])));
    standAt(3, 4, 9);
    await bench.run([{ kernel: kernels.get(entries.length)!, workgroups: 1 }]);
    const { state, history } = await stateAndHistory();
    expect(state).toEqual([7, 1, 0, 10]);
    expect(history.filter((token) => token !== 7)).toEqual([history[7]]);
    return history[7]!;
  }

  it('is the token of the largest logit, of equal ones the lowest', async () => {
    const many = Array.from({ length: 3000 }, (_, at): [number, number] => [-at % 17, 9000 - at]);
    expect(await chosen(many)).toBe(9000 - 17 * Math.floor(2999 / 17));
    expect(
      await chosen([
        [-5, 3],
        [-2, 9],
        [-2, 4],
        [-2, 11],
        [-7, 1],
      ]),
    ).toBe(4);
    expect(
      await chosen([
        [-1, 3],
        [-0, 8],
        [0, 9],
        [-0, 6],
        [-1e-40, 1],
      ]),
    ).toBe(6);
    expect(
      await chosen([
        [1, 3],
        [2, 0],
        [NaN, 9],
        [Infinity, 6],
        [-NaN, 1],
      ]),
    ).toBe(6);
    expect(await chosen([[-3e38, 70_000]])).toBe(70_000);
  });

  it('is none where no logit is a number', async () => {
    expect(await chosen([[NaN, 0]])).toBe(NONE);
    const none: [number, number][] = [0, 1, 2, 3, 4].map((at) => [at > 2 ? NaN : -Infinity, at]);
    expect(await chosen(none)).toBe(NONE);
  });
});
