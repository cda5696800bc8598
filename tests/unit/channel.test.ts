import { afterEach, describe, expect, it } from 'vitest';
import { serve, type Handlers } from '#core/callee';
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';

interface Methods {
  count: { params: { to: number }; chunk: number; result: string };
  hang: { params: null; chunk: never; result: void };
  fail: { params: null; chunk: number; result: void };
}

const open: MessagePort[] = [];

function connect(handlers: Partial<Handlers<Methods>>) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serve<Methods>(port2, handlers as Handlers<Methods>);
  return new Caller<Methods>(port1);
}

afterEach(() => open.splice(0).forEach((port) => port.close()));

async function all<T>(chunks: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return list;
}

describe('a call', () => {
  it('streams its chunks in order and ends with its result', async () => {
    const caller = connect({
      async count({ to }, { send }) {
        for (let n = 0; n < to; n++) await send(n);
        return 'done';
      },
    });
    const call = caller.call('count', { to: 100 });
    await call.acknowledged;
    expect(await all(call)).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(await call.result).toBe('done');
  });

  it('sends no further than the reader has room for', async () => {
    let sent = 0;
    const caller = connect({
      async count({ to }, { send }) {
        for (; sent < to; sent++) await send(sent);
        return 'done';
      },
    });
    const chunks = caller.call('count', { to: 1000 })[Symbol.asyncIterator]();
    await chunks.next();
    await caller.call('count', { to: 0 }).result; // by now the first call would have run far ahead
    expect(sent).toBeLessThanOrEqual(16);
    await chunks.return?.();
  });

  it('sends from several places at once', async () => {
    const caller = connect({
      async count({ to }, { send }) {
        const sender = async (from: number) => {
          for (let n = from; n < to; n += 4) await send(n);
        };
        await Promise.all([0, 1, 2, 3].map(sender));
        return 'done';
      },
    });
    const chunks = await all(caller.call('count', { to: 200 }));
    expect(chunks.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('carries a code and its figures across', async () => {
    const caller = connect({
      fail: () => Promise.reject(new PaddockError('storage_full', 'full', { needed: 2, free: 1 })),
    });
    await expect(caller.call('fail', null).result).rejects.toMatchObject({
      code: 'storage_full',
      detail: { needed: 2, free: 1 },
    });
  });

  it('throws in the loop when it fails after some chunks', async () => {
    const caller = connect({
      async fail(_, { send }) {
        await send(1);
        throw new PaddockError('engine_failed', 'broken');
      },
    });
    const seen: number[] = [];
    const loop = async () => {
      for await (const chunk of caller.call('fail', null)) seen.push(chunk);
    };
    await expect(loop()).rejects.toMatchObject({ code: 'engine_failed' });
    expect(seen).toEqual([1]);
  });

  it('is cancelled on both sides by its signal', async () => {
    const stopped = resolvers<string>();
    const caller = connect({
      hang: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => stopped.resolve('stopped'))),
    });
    const controller = new AbortController();
    const call = caller.call('hang', null, { signal: controller.signal });
    await call.acknowledged;
    controller.abort();
    await expect(call.result).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    expect(await stopped.promise).toBe('stopped');
  });

  it('is cancelled by leaving the loop', async () => {
    const stopped = resolvers<string>();
    const caller = connect({
      async count(_, { send, signal }) {
        signal.addEventListener('abort', () => stopped.resolve('stopped'));
        for (let n = 0; ; n++) await send(n);
      },
    });
    for await (const chunk of caller.call('count', { to: 0 })) if (chunk === 3) break;
    expect(await stopped.promise).toBe('stopped');
  });

  it('is cancelled by a reader that leaves while it waits', async () => {
    const stopped = resolvers<string>();
    const caller = connect({
      count: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => stopped.resolve('stopped'))),
    });
    const chunks = caller.call('count', { to: 0 })[Symbol.asyncIterator]();
    const waiting = expect(chunks.next()).rejects.toMatchObject({ code: 'aborted' });
    await chunks.return?.();
    await waiting;
    expect(await stopped.promise).toBe('stopped');
  });

  it('is cancelled when the answering side hears that nobody reads', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    const begun = resolvers<void>();
    const cancelAll = serve<Pick<Methods, 'hang'>>(port2, {
      hang: (_, { signal }) => {
        begun.resolve();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new PaddockError('aborted', 'stopped')));
        });
      },
    });
    const call = new Caller<Pick<Methods, 'hang'>>(port1).call('hang', null);
    await begun.promise;
    cancelAll();
    await expect(call.result).rejects.toMatchObject({ code: 'aborted', message: 'stopped' });
  });

  it('rejects, and all later ones, once the other side is gone', async () => {
    const caller = connect({ hang: () => new Promise(() => {}) });
    const call = caller.call('hang', null);
    caller.fail(new PaddockError('runner_died', 'gone'));
    await expect(call.result).rejects.toMatchObject({ code: 'runner_died' });
    await expect(caller.call('hang', null).result).rejects.toMatchObject({ code: 'runner_died' });
  });
});

function resolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((yes) => (resolve = yes));
  return { promise, resolve };
}
