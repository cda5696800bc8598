import { expect, it } from 'vitest';
import { GpuLoss } from '../../workers/runner/engines/paddock/webgpu/loss';

function setUp() {
  let lose = (_: Pick<GPUDeviceLostInfo, 'message'>) => {};
  const lost = new Promise<Pick<GPUDeviceLostInfo, 'message'>>((resolve) => (lose = resolve));
  const device = { lost, addEventListener() {} } as unknown as GPUDevice;
  return { loss: new GpuLoss(device), lose: () => lose({ message: 'taken away' }) };
}

it('what a loss breaks fails by it, even if the news of it come later', async () => {
  const { loss, lose } = setUp();
  const failed = loss.until(Promise.reject(new Error('The shader does not compile.')));
  setTimeout(lose);
  await expect(failed).rejects.toMatchObject({ code: 'device_lost' });
});

it('what fails on a device that is there keeps its own error', async () => {
  const { loss } = setUp();
  const failed = loss.until(Promise.reject(new Error('The shader does not compile.')));
  await expect(failed).rejects.toThrow('does not compile');
});

it('what hangs on a device that is lost ends', async () => {
  const { loss, lose } = setUp();
  const hanging = loss.until(new Promise(() => {}));
  lose();
  await expect(hanging).rejects.toMatchObject({ code: 'device_lost' });
});
