/** The contest of a software adapter and the processor (`workers/host/limits/contest`). */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { adapterWins } from '../../workers/host/limits/contest/contest';
import { cpuRate, multiplier } from '../../workers/host/limits/contest/cpu-rate';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const rates = (cpu: number, adapter: number) => ({
  cpu: () => cpu,
  adapter: () => Promise.resolve(adapter),
});

it('an adapter wins when it is clearly faster than all threads together', async () => {
  expect(await adapterWins(1, rates(100, 151))).toBe(true);
  expect(await adapterWins(1, rates(100, 140))).toBe(false);
  expect(await adapterWins(4, rates(100, 151))).toBe(false);
  expect(await adapterWins(4, rates(100, 601))).toBe(true);
  // SwiftShader beside one thread, as measured on two cores.
  expect(await adapterWins(2, rates(5.7e9, 0.2e9))).toBe(false);
  // Without SIMD nothing runs on the processor.
  expect(await adapterWins(4, rates(0, 1))).toBe(true);
});

it('an adapter that hangs ends the contest after two seconds', async () => {
  const hung = adapterWins(1, { cpu: () => 1, adapter: () => new Promise(() => {}) });
  const ended = vi.fn();
  hung.catch(ended);
  await vi.advanceTimersByTimeAsync(1999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await expect(hung).rejects.toThrow('it had not ended after 2 s');
});

it('an adapter that fails says why', async () => {
  const adapter = () => Promise.reject(new Error('device lost'));
  await expect(adapterWins(1, { cpu: () => 1, adapter })).rejects.toThrow('device lost');
});

it('the processor’s half multiplies a matrix by a vector', () => {
  const { memory, run } = multiplier()!;
  const floats = new Float32Array(memory.buffer);
  const [columns, rows] = [32, 3];
  for (let k = 0; k < columns; k++) floats[k] = k + 1;
  for (let k = 0; k < rows * columns; k++) floats[2048 + k] = (k % 7) - 3;
  run(rows, columns * 4);
  const expected = Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += (k + 1) * (((row * columns + k) % 7) - 3);
    return sum;
  });
  expect([...floats.slice(1024, 1024 + rows)]).toEqual(expected);
});

it('and counts what it did', () => {
  vi.useRealTimers();
  expect(cpuRate()).toBeGreaterThan(0);
});
