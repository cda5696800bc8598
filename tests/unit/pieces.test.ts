import { expect, it } from 'vitest';
import { pieces } from '../../workers/runner/engines/wllama/pieces';

it('yields what the callback gets, then ends', async () => {
  const seen: number[] = [];
  const stream = pieces<number>(async (onData) => {
    onData(1);
    await Promise.resolve();
    onData(2);
    onData(3);
  });
  for await (const n of stream) seen.push(n);
  expect(seen).toEqual([1, 2, 3]);
});

it('throws what the work throws, after its last piece', async () => {
  const seen: number[] = [];
  const read = async () => {
    const stream = pieces<number>((onData) => {
      onData(1);
      return Promise.reject(new Error('broken'));
    });
    for await (const n of stream) seen.push(n);
  };
  await expect(read()).rejects.toThrow('broken');
  expect(seen).toEqual([1]);
});

it('keeps a reader that leaves until the work has ended', async () => {
  let end!: (error: Error) => void;
  const stream = pieces<number>((onData) => {
    onData(1);
    return new Promise((_, reject) => (end = reject));
  });
  await stream.next();
  let left = false;
  const leaving = stream.return().then(() => (left = true));
  await Promise.resolve();
  expect(left).toBe(false);
  end(new Error('aborted'));
  await leaving;
});
