import { expect, it, vi } from 'vitest';
import { serve } from '#core/callee';
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import { resent } from '../../src/lib/client/resent';

interface Methods {
  say: { params: null; chunk: string; result: void };
}

const died = new PaddockError('host_died', 'The host ended.');

/** A host that says its name and then waits; a frozen one sees nothing. */
function host(name: string, frozen = false) {
  const { port1, port2 } = new MessageChannel();
  const cancelled = vi.fn();
  const caller = new Caller<Methods>(port1);
  if (!frozen) {
    serve<Methods>(port2, {
      async say(_, { send, signal }) {
        signal.addEventListener('abort', cancelled);
        await send(name);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
  }
  const close = () => [port1, port2].forEach((port) => port.close());
  return { caller, cancelled, say: () => caller.call('say', null), close };
}

it('asks the next host for what the first one never saw', async () => {
  const [frozen, next] = [host('frozen', true), host('next')];
  const chunks = resent(frozen.say(), async () => next.say())[Symbol.asyncIterator]();
  frozen.caller.fail(died);
  expect(await chunks.next()).toMatchObject({ value: 'next' });
  frozen.close();
  next.close();
});

it('does not ask twice for what was acknowledged', async () => {
  const [first, again] = [host('first'), vi.fn()];
  const call = resent(first.say(), again);
  await call.acknowledged;
  first.caller.fail(died);
  await expect(call.result).rejects.toMatchObject({ code: 'host_died' });
  expect(again).not.toHaveBeenCalled();
  first.close();
});

it('is asked for twice and no more', async () => {
  const [frozen, worse] = [host('frozen', true), host('worse', true)];
  const again = vi.fn(async () => worse.say());
  const call = resent(frozen.say(), again);
  frozen.caller.fail(died);
  worse.caller.fail(died);
  await expect(call.result).rejects.toMatchObject({ code: 'host_died' });
  expect(again).toHaveBeenCalledOnce();
  frozen.close();
  worse.close();
});

it('cancels while it waits for the next chunk', async () => {
  const first = host('first');
  const chunks = resent(first.say(), vi.fn())[Symbol.asyncIterator]();
  expect(await chunks.next()).toMatchObject({ value: 'first' });
  const waiting = chunks.next().catch(() => {});
  await chunks.return?.();
  await waiting;
  await vi.waitFor(() => expect(first.cancelled).toHaveBeenCalledOnce());
  first.close();
});
