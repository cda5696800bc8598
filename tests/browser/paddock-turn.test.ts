import { expect, it } from 'vitest';
import { turn } from '../../workers/runner/engines/paddock/generate/turn';

it('lets a message that was sent before it through', async () => {
  const { port1, port2 } = new MessageChannel();
  const seen: string[] = [];
  port1.onmessage = ({ data }) => seen.push(String(data));
  await turn();
  for (const name of ['a', 'b', 'c']) {
    port2.postMessage(name);
    await turn();
    seen.push('turn');
  }
  port1.close();
  expect(seen).toEqual(['a', 'turn', 'b', 'turn', 'c', 'turn']);
});

it('settles each of several at once', async () => {
  const order: number[] = [];
  await Promise.all([0, 1, 2].map((n) => turn().then(() => order.push(n))));
  expect(order).toEqual([0, 1, 2]);
});
