import { describe, expect, it } from 'vitest';
import { PaddockError } from '#core/errors';
import { Submits } from '../../workers/runner/engines/paddock/webgpu/submits';

function setUp() {
  const ends: { done(): void; fail(error: Error): void }[] = [];
  let tell = (_: PaddockError) => {};
  let loss: PaddockError | undefined;
  const lost = new Promise<PaddockError>((resolve) => (tell = resolve));
  const queue = {
    submit() {},
    onSubmittedWorkDone: () =>
      new Promise<void>((done, fail) => ends.push({ done: () => done(), fail })),
  };
  const gpu = {
    device: { queue } as unknown as GPUDevice,
    lost,
    check() {
      if (loss) throw loss;
    },
  };
  const lose = () => {
    loss = new PaddockError('device_lost', 'It was taken away.');
    tell(loss);
  };
  const submits = new Submits(gpu);
  return { submits, ends, lose, send: () => submits.send({} as GPUCommandBuffer) };
}

/** Whether `work` has settled by the time that all that is due is done. */
async function settles(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => (settled = true);
  work.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('submits', () => {
  it('has room for two, and then waits for the first of them only', async () => {
    const { submits, ends, send } = setUp();
    await submits.room();
    void send();
    await submits.room();
    void send();
    const room = submits.room();
    expect(await settles(room)).toBe(false);
    ends[0]!.done();
    expect(await settles(room)).toBe(true);
    void send();
    expect(await settles(submits.room())).toBe(false);
  });

  it('has room again after one that failed', async () => {
    const { submits, ends, send } = setUp();
    const [first] = [send(), send()];
    ends[0]!.fail(new Error('not mapped'));
    await expect(submits.settled(first)).rejects.toThrow('not mapped');
    expect(await settles(submits.room())).toBe(true);
  });

  it('says that the device was lost, whatever comes first', async () => {
    const { submits, ends, lose, send } = setUp();
    const failed = submits.settled(send());
    ends[0]!.fail(new Error('not mapped'));
    expect(await settles(failed)).toBe(false);
    lose();
    await expect(failed).rejects.toMatchObject({ code: 'device_lost' });
    // Work on a lost device counts as done.
    const done = submits.settled(send());
    ends[1]!.done();
    await expect(done).rejects.toMatchObject({ code: 'device_lost' });
    await expect(submits.room()).rejects.toMatchObject({ code: 'device_lost' });
  });
});
