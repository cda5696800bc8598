/** How long a set takes, before anything of it was done. */
import { describe, expect, it } from 'vitest';
import { benchSet } from '#core/bench/sets';
import { assumedSpeed, measuredSpeed, setSeconds } from '#core/bench/set-seconds';
import { benchRun, candidate, load, results } from '../../fixtures/bench-run';

const SPEED = { prefill: 100, decode: 10, load: 2 };

describe('the seconds of a set', () => {
  it('are two loads, each test a warm-up and its repetitions, and the comparison', () => {
    // Loads 4. pp16 (0.16 + 0.1) · 4 = 1.04; pp128 (1.28 + 0.1) · 4 = 5.52; tg32 (0.01 + 3.3) · 4 = 13.24.
    expect(setSeconds(benchSet('quick'), SPEED, false)).toBeCloseTo(23.8);
    // 380 tokens read and 128 written: 3.8 + 12.8.
    expect(setSeconds(benchSet('quick'), SPEED)).toBeCloseTo(40.4);
  });

  it('are without the repetitions that Quick leaves out once a minute is over', () => {
    // Loads 10. pp16 (1.6 + 1) · 4: 20.4. pp128 (12.8 + 1) · 3: 61.8, so no third one. tg32 (0.1 + 33) · 2: 128.
    const slow = { prefill: 10, decode: 1, load: 5 };
    expect(setSeconds(benchSet('quick'), slow, false)).toBeCloseTo(128);
  });

  it('are of every set its own', () => {
    // Loads 4. pp16 0.26 · 6, pp512 (5.12 + 0.1) · 6, tg128 (0.01 + 12.9) · 6: 1.56 + 31.32 + 77.46.
    expect(setSeconds(benchSet('standard'), SPEED, false)).toBeCloseTo(114.34);
    // Loads 4. Three depths of (5.22 + 12.91) · 4 = 72.52 each, and 2 · (4,096 + 16,384) tokens in front: 409.6.
    expect(setSeconds(benchSet('depth'), SPEED, false)).toBeCloseTo(631.16);
    // Loads 4. A message of 40 tokens and 512 written: (0.4 + 51.2) · 4.
    expect(setSeconds(benchSet('ollama'), SPEED, false)).toBeCloseTo(210.4);
  });
});

describe('a speed', () => {
  const asked = { engine: 'paddock', backend: 'wasm', threads: 2 } as const;
  const whole = { model: 'smollm2:135m', ...asked };
  const other = (rate: number, threads: number, loads = [load(true, 3000)]) =>
    benchRun({
      candidates: [
        candidate({ ...asked, threads }, results([[rate / 2], [rate * 4], [rate]]), { loads }),
      ],
    });

  it('is what was measured last: the median, the longer prompt’s, and the loads’ mean', () => {
    expect(measuredSpeed(whole, [benchRun(), other(9, 2)])).toEqual({
      prefill: expect.closeTo(241) as number,
      decode: expect.closeTo(38) as number,
      load: 1.65, // 2.4 and 0.9
    });
  });

  it('is with the same threads, else with others, else not known', () => {
    expect(measuredSpeed(whole, [other(5, 1), other(9, 2)])?.decode).toBeCloseTo(9);
    expect(measuredSpeed(whole, [other(5, 1)])?.decode).toBeCloseTo(5);
    expect(measuredSpeed(whole, [other(9, 2, [])])).toBeNull();
    expect(measuredSpeed({ ...whole, engine: 'webllm' }, [benchRun()])).toBeNull();
    expect(measuredSpeed({ ...whole, model: 'another:1b' }, [benchRun()])).toBeNull();
    expect(measuredSpeed(whole, [])).toBeNull();
  });

  it('that nobody measured is by the size of the weights', () => {
    // 2 GB/s by 100 MB, three times as fast read, and 100 MB at 200 MB/s behind a second.
    expect(assumedSpeed({ backend: 'wasm' }, 100e6)).toEqual({
      prefill: 60,
      decode: 20,
      load: 1.5,
    });
    expect(assumedSpeed({ backend: 'webgpu' }, 4e9)).toEqual({ prefill: 50, decode: 5, load: 21 });
  });
});
