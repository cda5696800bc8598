/** What is looked at before weights go to the adapter, and how much waits on the way there. */
import { describe, expect, it } from 'vitest';
import type { GpuDevice } from '../../workers/runner/engines/paddock/webgpu/device';
import { allFinite } from '../../workers/runner/engines/paddock/webgpu/finite';
import { Uploader } from '../../workers/runner/engines/paddock/webgpu/upload';
import { FORMATS, randomMatrix, type WeightType } from '../fixtures/random-model/blocks';
import { Random } from '../fixtures/random-model/random';

/** Where the third block has halves that make its values: infinite there, they are none. */
const HALVES: Record<WeightType, number[]> = {
  F32: [2],
  F16: [0],
  BF16: [0],
  Q8_0: [0],
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
};

describe.each(Object.entries(HALVES) as [WeightType, number[]][])('%s', (type, places) => {
  const { id, bytes } = FORMATS[type];
  const matrix = () => randomMatrix(type, 4, 512, new Random(7));

  it('has numbers only', () => expect(allFinite(id, matrix())).toBe(true));

  it.each(places)('has none where the half at %i is infinite', (place) => {
    const spoilt = matrix();
    const infinity = type === 'F32' || type === 'BF16' ? 0x7f80 : 0x7c00;
    new DataView(spoilt.buffer).setUint16(2 * bytes + place, 0x8000 | infinity, true);
    expect(allFinite(id, spoilt)).toBe(false);
  });
});

describe('an upload', () => {
  const MIB = 1024 ** 2;

  it('has no more than two windows of 32 MiB under way', async () => {
    const ends: (() => void)[] = [];
    const queue = {
      writeBuffer() {},
      submit() {},
      onSubmittedWorkDone: () => new Promise<void>((resolve) => ends.push(resolve)),
    };
    const gpu = { device: { queue }, check() {}, until: (work: Promise<unknown>) => work };
    const uploader = new Uploader(gpu as unknown as GpuDevice);
    const data = new Uint8Array(8 * MIB);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 16; sent++) {
        uploader.write({} as GPUBuffer, 0, data);
        await uploader.breathe();
      }
    })();
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    expect(sent).toBe(7); // of the eighth it waits for the first four
    ends[0]!();
    await settle();
    expect(sent).toBe(11);
    ends[1]!();
    ends[2]!();
    await sending;
    let over = false;
    const end = uploader.end().then(() => (over = true));
    await settle();
    expect(over).toBe(false);
    for (const finish of ends) finish();
    await settle();
    ends.at(-1)!();
    await end;
  });
});
